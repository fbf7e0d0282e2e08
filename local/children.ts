import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync, closeSync, mkdirSync } from "node:fs";
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

/** Starts a command that ends with this process, even when this one is killed; its output goes to the end of `logFile`. */
export function startChild(
  command: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly cwd?: string; readonly logFile: string },
): Child {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, "a");
  const child = spawn(python, [supervisor, ...command], {
    env: options.env,
    cwd: options.cwd,
    stdio: ["pipe", log, log],
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
    pid,
    exited,
    stop: async () => {
      stdin.end();
      await exited.catch(() => undefined);
    },
  };
}

/** The environment of a child that needs no secret of ours: the way to run programs, and nothing else. */
export function plainEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG, LC_ALL, TMPDIR, TZ } = process.env;
  return { PATH, HOME, LANG, LC_ALL, TMPDIR, TZ, ...extra };
}
