import { randomUUID } from "node:crypto";
import { appendFileSync, mkdirSync, renameSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readIfThere, writeWhole } from "../files";
import { StateFolder } from "../jobs/state-folder";
import { DeploymentLog } from "../scoring/deployment-log";
import type { BatchJobState } from "./job";
import type { Outcome } from "./mini-batches";

/**
 * A batch job on disk. What stands here is enough to go on after the local Azure was killed: which files there are, how each mini-batch
 * ended, and the lines that it gave.
 */
export class JobFolder extends StateFolder<BatchJobState> {
  /** What goes to the job's artifacts: a folder `logs`, its files named as Azure ML names them. */
  readonly logs: string;
  readonly log: DeploymentLog;
  readonly model: string;
  readonly code: string;
  readonly input: string;
  /** What the job puts out. */
  readonly output: string;
  private readonly results: string;
  private readonly outcomesFile: string;

  constructor(folder: string) {
    super(folder);
    this.logs = join(folder, "logs");
    this.log = new DeploymentLog(join(this.logs, "logs", "job_progress_overview.txt"));
    this.model = join(folder, "model");
    this.code = join(folder, "code");
    this.input = join(folder, "input");
    this.output = join(folder, "output");
    this.results = join(folder, "results");
    this.outcomesFile = join(folder, "outcomes.jsonl");
  }

  /** Makes what is missing, and takes away what a kill left unfinished. */
  make(): void {
    for (const folder of [this.output, this.results, this.logs]) mkdirSync(folder, { recursive: true });
    // The next outcome must not be written behind half of one.
    const whole = this.outcomes.map((outcome) => `${JSON.stringify(outcome)}\n`);
    writeWhole(this.outcomesFile, whole.join(""));
  }

  /** The input's files as they were found first, by their paths below it. */
  get files(): readonly string[] | undefined {
    const text = readIfThere(join(this.folder, "files.json"));
    return text === undefined ? undefined : (JSON.parse(text) as string[]);
  }

  saveFiles(files: readonly string[]): void {
    writeWhole(join(this.folder, "files.json"), JSON.stringify(files));
  }

  get outcomes(): Outcome[] {
    const lines = (readIfThere(this.outcomesFile) ?? "").split("\n");
    // A kill tears the last line at most, and its mini-batch is done once more.
    return lines.slice(0, -1).map((line) => JSON.parse(line) as Outcome);
  }

  /**
   * Where a process writes a mini-batch's lines: nowhere that counts, until {@link keep}. It is another file each time, for a process that
   * was killed late may still write.
   */
  draft(index: number): string {
    return join(this.results, `${index}.${randomUUID()}`);
  }

  /** From here on the mini-batch is done: its lines are taken whole. */
  keep(outcome: Outcome, draft?: string): void {
    if (draft !== undefined) renameSync(draft, this.lines(outcome.index));
    appendFileSync(this.outcomesFile, `${JSON.stringify(outcome)}\n`);
  }

  /** The file with a mini-batch's lines. */
  lines(index: number): string {
    return join(this.results, String(index));
  }

  /** What a process prints. */
  printed(node: string, process: string): string {
    return join(this.logs, "logs", "user", "stdout", node, `${process}.stdout.txt`);
  }

  /** The last lines of it. */
  printedEnd(node: string, process: string, lines: number): string {
    return new DeploymentLog(this.printed(node, process)).tail(lines);
  }

  /** Writes a trace of the model's or the script's to the files where Azure ML has them. */
  raised(node: string, process: string, what: string, trace: string): void {
    const user = join(this.logs, "logs", "user");
    mkdirSync(join(user, "error", node), { recursive: true });
    const time = new Date().toISOString();
    appendFileSync(join(user, "error.txt"), `${time} ${node} ${process} ${what}\n${trace.trimEnd()}\n`);
    appendFileSync(join(user, "error", node, `${process}.txt`), `${time} ${what}\n${trace.trimEnd()}\n`);
  }

  /** All but state and logs. */
  async clear(): Promise<void> {
    const spent = [this.model, this.code, this.input, this.output, this.results];
    await Promise.all(spent.map((folder) => rm(folder, { recursive: true, force: true })));
  }
}
