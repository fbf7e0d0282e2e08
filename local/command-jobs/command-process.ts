import { spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { packageRoot, python } from "../../tools/paths";
import { readIfThere } from "../files";

const runner = join(packageRoot(), "local", "python", "run_command.py");

const POLL = 50;
const LEASE = 1_000;
/** Milliseconds without a sign of life after which the process is taken for dead; it gives one each half second. */
const SILENCE = 15_000;

export interface Program {
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Both outputs go to its end. */
  readonly logFile: string;
}

/** How a command ended. */
export interface Exit {
  readonly code: number;
  /** The local Azure had it ended. */
  readonly stopped: boolean;
}

/** A command that runs once, whatever becomes of the local Azure meanwhile: `run_command.py` says how. */
export class CommandProcess {
  constructor(private readonly folder: string) {}

  /** Whether it was ever begun. */
  get begun(): boolean {
    return existsSync(join(this.folder, "started"));
  }

  /** Begins it, unless it was begun. */
  begin({ command, env, cwd, logFile }: Program): void {
    mkdirSync(this.folder, { recursive: true });
    mkdirSync(dirname(logFile), { recursive: true });
    writeFileSync(this.lease, "");
    const log = openSync(logFile, "a");
    const child = spawn(python, [runner, this.folder, ...command], {
      ...{ env, cwd, detached: true },
      stdio: ["ignore", log, log],
    });
    // Without a process there is no sign of life either.
    child.on("error", () => undefined);
    child.unref();
    closeSync(log);
  }

  /** Resolves when it has ended; undefined when it was ended from outside, without a word. */
  async ended(): Promise<Exit | undefined> {
    let renewed = -LEASE;
    let life = { sign: this.sign, at: performance.now() };
    for (; ; await sleep(POLL)) {
      const text = readIfThere(join(this.folder, "exit.json"));
      if (text !== undefined) return JSON.parse(text) as Exit;
      const now = performance.now();
      if (this.sign !== life.sign) life = { sign: this.sign, at: now };
      if (now - life.at > SILENCE) return undefined;
      if (now - renewed < LEASE) continue;
      this.renew();
      renewed = now;
    }
  }

  /** Asks it to end with all that it started; {@link ended} resolves then. */
  stop(): void {
    rmSync(this.lease, { force: true });
  }

  private get lease(): string {
    return join(this.folder, "lease");
  }

  private get sign(): number {
    return statSync(join(this.folder, "beat"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  }

  /** A lease that was taken away stays away. */
  private renew(): void {
    const now = new Date();
    if (existsSync(this.lease)) utimesSync(this.lease, now, now);
  }
}
