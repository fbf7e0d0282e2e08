import { EventEmitter, once } from "node:events";
import { JobFailed, lastLine } from "../jobs/job-failed";
import type { BatchJobSpec } from "./job";
import type { JobFolder } from "./job-folder";
import type { Attempt, MiniBatchQueue, Outcome } from "./mini-batches";
import { StartFailed, TimedOut, Worker, WorkerDied, type Answer } from "./worker";

/** Times in a row that a process may end before it is ready. */
const STARTS = 3;
const LOG_LINES = 20;

/** What every process of a job is started with. */
export interface Program {
  readonly python: string;
  /** `worker.py`'s arguments. */
  readonly what: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}

export interface PhaseOptions {
  readonly spec: BatchJobSpec;
  readonly folder: JobFolder;
  readonly queue: MiniBatchQueue;
  readonly program: Program;
  /** The names of its nodes. */
  readonly nodes: readonly string[];
  /** The file that a path of the input is in, once it is there. */
  readonly file: (path: string) => Promise<string>;
  readonly signal: AbortSignal;
}

/** The processes of a job, at work on its mini-batches. */
export class ScoringPhase {
  private readonly workers = new Set<Worker>();
  private readonly events = new EventEmitter().setMaxListeners(0);
  /** Nothing that a process still says counts. */
  private over = false;

  constructor(private readonly options: PhaseOptions) {}

  /** Process ids of those that are ready. */
  get processes(): number[] {
    return [...this.workers].flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  }

  /** Resolves when each mini-batch has its outcome. @throws JobFailed; no process is left in any case */
  async run(): Promise<void> {
    const { queue, signal } = this.options;
    const stop = (): void => this.stop();
    signal.addEventListener("abort", stop);
    const failures: unknown[] = [];
    const works = this.places(queue.left.length).map(([node, name]) =>
      this.work(node, name).catch((error: unknown) => {
        failures.push(error);
        this.stop();
      }),
    );
    await Promise.all(works);
    signal.removeEventListener("abort", stop);
    if (failures.length > 0) throw failures[0];
    signal.throwIfAborted();
  }

  /** Node and process of each that there may be, at most `most` of them. */
  private places(most: number): (readonly [node: string, name: string])[] {
    const { nodes, spec } = this.options;
    const names = Array.from(
      { length: spec.concurrencyPerInstance },
      (_, number) => `process${String(number).padStart(3, "0")}`,
    );
    return names.flatMap((name) => nodes.map((node) => [node, name] as const)).slice(0, most);
  }

  private stop(): void {
    this.over = true;
    this.events.emit("change");
    for (const worker of this.workers) void worker.stop();
  }

  /** One process, and those that take its place. */
  private async work(node: string, name: string): Promise<void> {
    const { queue } = this.options;
    let worker: Worker | undefined;
    try {
      while (!this.over && !queue.finished) {
        worker ??= await this.start(node, name);
        if (worker === undefined) return;
        const attempt = queue.take();
        if (attempt === undefined) {
          await once(this.events, "change");
          continue;
        }
        const useful = await this.score(worker, attempt, node, name);
        if (!useful) worker = await this.end(worker);
        this.events.emit("change");
      }
      // Those that have only just been started are not waited for.
      if (queue.finished) this.stop();
    } finally {
      if (worker !== undefined) await this.end(worker);
    }
  }

  /** @returns a process that is ready; undefined when none is wanted any more */
  private async start(node: string, name: string): Promise<Worker | undefined> {
    const { folder, program } = this.options;
    const { python, what, env, cwd } = program;
    const logFile = folder.printed(node, name);
    for (let tries = 1; !this.over; tries++) {
      const worker = new Worker(python, what, { env, cwd, logFile });
      this.workers.add(worker);
      try {
        await worker.ready();
        folder.log.write(`${node} ${name} is ready (process ${worker.pid})`);
        return worker;
      } catch (error) {
        await this.end(worker);
        if (this.over) return undefined;
        if (error instanceof StartFailed) {
          folder.raised(node, name, "could not be started", error.message);
          throw this.userFailure(lastLine(error.message));
        }
        if (tries === STARTS)
          throw new JobFailed(
            "SystemError",
            `A process ended ${STARTS} times before it was ready. It printed: ${folder.printedEnd(node, name, LOG_LINES)}`,
          );
      }
    }
    return undefined;
  }

  /** @returns whether the process may go on with another one */
  private async score(worker: Worker, attempt: Attempt, node: string, name: string): Promise<boolean> {
    const { folder, spec, file } = this.options;
    const draft = folder.draft(attempt.index);
    try {
      const files = await Promise.all(attempt.files.map(file));
      const begun = performance.now();
      const answer = await worker.score(files, draft, spec.timeout);
      if (this.over) return false;
      const took = Math.round(performance.now() - begun);
      this.take(answer, attempt, { node, name, draft, took });
      return true;
    } catch (error) {
      if (this.over) return false;
      if (!(error instanceof WorkerDied || error instanceof TimedOut)) throw error;
      const why = error instanceof TimedOut ? "failed" : "died";
      this.tried(attempt, why, `${node} ${name}: ${error.message}`);
      return false;
    }
  }

  private take(
    answer: Answer,
    attempt: Attempt,
    { node, name, draft, took }: { node: string; name: string; draft: string; took: number },
  ): void {
    const { folder, queue, spec } = this.options;
    const { succeeded = 0, rows = 0, failures = [], error, fatal } = answer;
    for (const { file, trace } of failures)
      folder.raised(node, name, `Error processing input file: '${file}'`, trace);
    if (fatal !== undefined) {
      folder.raised(node, name, `mini-batch ${attempt.index}`, fatal);
      throw this.userFailure(fatal);
    }
    const trace = error ?? failures.at(-1)?.trace;
    if (error !== undefined) folder.raised(node, name, `run() of mini-batch ${attempt.index}`, error);
    // Where nothing at all came of it, it is tried again as a whole.
    if (error !== undefined || (failures.length > 0 && succeeded === 0)) {
      this.tried(attempt, "failed", `${node} ${name}: ${lastLine(trace ?? "")}`);
      return;
    }
    const failed = attempt.files.length - succeeded;
    const outcome = queue.end(attempt, {
      succeeded,
      failed,
      rows: spec.outputAction === "AppendRow" ? rows : 0,
    });
    folder.keep(outcome, draft);
    const also =
      failed === 0
        ? ""
        : `, ${failed} of its files failed: ${lastLine(trace ?? "run() returned fewer elements")}`;
    folder.log.write(
      `mini-batch ${attempt.index}: ${attempt.files.length} files, ${rows} rows in ${took} ms on ${node} ${name}${also}`,
    );
    this.checkThreshold(outcome);
  }

  /** Gives the mini-batch back, or up. */
  private tried(attempt: Attempt, why: "failed" | "died", reason: string): void {
    const { folder, queue } = this.options;
    const outcome = queue.giveBack(attempt, why);
    const next = outcome === undefined ? "it is tried again" : "it is not tried again, its files failed";
    folder.log.write(`mini-batch ${attempt.index} failed on ${reason}; ${next}`);
    if (outcome === undefined) return;
    folder.keep(outcome);
    this.checkThreshold(outcome);
  }

  private checkThreshold({ failed: now }: Outcome): void {
    const { errorThreshold } = this.options.spec;
    const { failed } = this.options.queue.counts;
    if (now === 0 || errorThreshold < 0 || failed <= errorThreshold) return;
    throw this.userFailure(`${failed} files failed, and errorThreshold lets ${errorThreshold} of them fail`);
  }

  private userFailure(reason: string): JobFailed {
    return new JobFailed(
      "UserError",
      `Run failed: ${reason.replace(/\.$/, "")}. The traces are in logs/user/error.txt.`,
    );
  }

  private async end(worker: Worker): Promise<undefined> {
    this.workers.delete(worker);
    await worker.stop();
    return undefined;
  }
}
