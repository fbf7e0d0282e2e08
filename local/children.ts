import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, closeSync, mkdirSync } from "node:fs";
import type { Duplex } from "node:stream";
import { dirname, join } from "node:path";
import { packageRoot, python } from "../tools/paths";

const supervisor = join(packageRoot(), "local", "python", "supervise.py");

/** A process of the local Azure, with everything that it starts itself. */
export interface Child {
  readonly pid: number;
  /** Resolves with the exit code when the process has ended, for whatever reason. */
  readonly exited: Promise<number>;
  /** Ends the process group (SIGTERM, SIGKILL after 5 s) and waits for it. */
  stop(): Promise<void>;
}

export interface ChildOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly logFile: string;
}

/** A child that is talked with. */
export interface TalkingChild extends Child {
  /** The other end of its file descriptor 3, a socket. */
  readonly channel: Duplex;
}

/** Starts a command that ends with this process, even when this one is killed; its output goes to the end of `logFile`. */
export function startChild(command: readonly string[], options: ChildOptions): Child {
  return launch(command, options, false).child;
}

/** As {@link startChild}, with a socket between the two. */
export function startTalkingChild(command: readonly string[], options: ChildOptions): TalkingChild {
  const { child, channel } = launch(command, { ...options, env: { ...options.env, CHANNEL: "3" } }, true);
  if (channel === undefined) throw new Error("The child has no channel.");
  channel.on("error", () => undefined);
  return { ...child, channel };
}

function launch(
  command: readonly string[],
  options: ChildOptions,
  talks: boolean,
): { readonly child: Child; readonly channel: Duplex | undefined } {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, "a");
  const child = spawn(python, [supervisor, ...command], {
    env: options.env,
    cwd: options.cwd,
    stdio: talks ? ["pipe", log, log, "pipe"] : ["pipe", log, log],
    detached: true,
  });
  closeSync(log);
  const exited = once(child, "exit").then(([code]) => (code as number | null) ?? 1);
  exited.catch(() => undefined);
  const { pid, stdin } = child;
  if (pid === undefined || stdin === null)
    throw new Error(`${python} could not be started; run \`npm run local\` to set the machine up again.`);
  stdin.on("error", () => undefined);
  return {
    child: {
      pid,
      exited,
      stop: async () => {
        stdin.end();
        await exited.catch(() => undefined);
      },
    },
    channel: talks ? (child.stdio[3] as Duplex) : undefined,
  };
}

/** The environment of a child that needs no secret of ours: the way to run programs, and nothing else. */
export function plainEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG, LC_ALL, TMPDIR, TZ } = process.env;
  return { PATH, HOME, LANG, LC_ALL, TMPDIR, TZ, ...extra };
}
