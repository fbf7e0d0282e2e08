import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readIfThere } from "../../local/files";
import type { Checkpoint, ResourceState } from "../../local/pending-operations";
import { processStart } from "../../local/process-identity";
import { askAdmin } from "../../local/running";
import type { Status } from "../../local/status";
import { packageRoot } from "../../tools/paths";
import type { LocalAzure } from "./local-azure";

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it said on both streams. */
  readonly output: string;
}

/** `npm run local` at work, in a process group of its own as under a terminal, to be ended at a chosen moment. */
export class RunningUp {
  #output = "";
  readonly #process: ChildProcess;
  readonly #ended: Promise<Ended>;

  constructor(private readonly azure: LocalAzure) {
    this.#process = spawn(process.execPath, [join(packageRoot(), "dist", "local", "main.js")], {
      cwd: packageRoot(),
      env: { ...process.env, PULUMI_AZUREML_LOCAL: azure.paths.folder },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const hear = (chunk: Buffer): void => void (this.#output += chunk.toString());
    this.#process.stdout?.on("data", hear);
    this.#process.stderr?.on("data", hear);
    // Not "close": what a killed engine leaves behind keeps the streams open.
    this.#ended = once(this.#process, "exit").then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      output: this.#output,
    }));
  }

  /** Resolves at the first moment of which `reached` says so; throws when the command ends before it. */
  async until(moment: string, reached: () => boolean | Promise<boolean>): Promise<void> {
    let ended = false;
    void this.#ended.then(() => (ended = true));
    while (!(await reached())) {
      if (ended) throw new Error(`ended before ${moment}:\n${this.#output}`);
      await sleep(3);
    }
  }

  /** What it has said so far. */
  get output(): string {
    return this.#output;
  }

  /** While the engine creates the resource of this name and ARM has it already, not yet told to the engine. */
  async untilCreatedInAzure(name: string, isThere: (status: Status) => boolean): Promise<void> {
    const creating = (): boolean => pendingCreates(this.azure).includes(name);
    await this.until(`${name} was being created`, creating);
    await this.until(`Azure had ${name}`, async () =>
      isThere(await askAdmin<Status>(this.azure.paths, this.azure.run(), "status")),
    );
  }

  /** Ctrl-C, as a terminal sends it: to the whole process group. */
  interrupt(): void {
    process.kill(-this.pid, "SIGINT");
  }

  /** kill -9 of the command alone; the engine that it started works on. */
  killCommand(): void {
    this.#process.kill("SIGKILL");
  }

  /** kill -9 of the command, the engine and everything that it started, all but the local Azure. */
  async killAll(): Promise<void> {
    killTree(this.pid, this.azure.run().pid);
    await this.#ended;
  }

  async ended(): Promise<Ended> {
    return await this.#ended;
  }

  private get pid(): number {
    const { pid } = this.#process;
    if (pid === undefined) throw new Error("the command did not start");
    return pid;
  }
}

/** What the state says is being created, by resource name. */
export function pendingCreates(azure: LocalAzure): string[] {
  const pending = state(azure)?.pending_operations ?? [];
  return pending.filter(({ type }) => type === "creating").map(({ resource }) => nameOf(resource));
}

/** Names of the resources that the state has, components left out. */
export function resourcesInState(azure: LocalAzure): string[] {
  return (state(azure)?.resources ?? []).filter(({ id }) => id !== undefined).map(nameOf);
}

/** Command lines of the processes that work in the test's state folder. */
export function processesOf(azure: LocalAzure): string[] {
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && processStart(Number(pid)) !== undefined)
    .flatMap((pid) => {
      try {
        const of = (file: string): string => readFileSync(join("/proc", pid, file), "utf8");
        const ours = of("environ").includes(azure.paths.folder) || of("cmdline").includes(azure.paths.folder);
        return ours ? [of("cmdline").replaceAll("\0", " ")] : [];
      } catch {
        return [];
      }
    });
}

/** The engine's lock files of stack `local`. */
export function locks(azure: LocalAzure): string[] {
  const folder = join(azure.paths.pulumiState, ".pulumi", "locks");
  const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : [];
  return files.filter((file) => file.endsWith(".json"));
}

function state(azure: LocalAzure): Checkpoint["deployment"] | undefined {
  const file = join(azure.paths.pulumiState, ".pulumi", "stacks", "pulumi-azureml", "local.json");
  const { checkpoint } = JSON.parse(readIfThere(file) ?? "{}") as {
    checkpoint?: { latest?: Checkpoint["deployment"] };
  };
  return checkpoint?.latest;
}

function nameOf({ urn }: ResourceState): string {
  return urn.split("::").at(-1) ?? "";
}

/** kill -9 of a process and all below it, `but` and what is below that left out. */
export function killTree(root: number, but: number): void {
  for (const pid of descendants(root, but)) kill(pid);
}

function descendants(root: number, but: number): number[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const parents = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const below = (pid: number): number[] => [
    pid,
    ...parents
      .filter(([child, parent]) => parent === pid && child !== but)
      .flatMap(([child]) => below(child)),
  ];
  return below(root);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Ended with its parent.
  }
}
