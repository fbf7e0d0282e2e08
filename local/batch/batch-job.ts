import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { python } from "../../tools/paths";
import { plainEnvironment } from "../children";
import type { Clusters, Grant } from "../compute/clusters";
import type { Environment } from "../environments/environment";
import { copyPlace, uploadTo, type JobBlobs } from "../jobs/blob-place";
import { JobFailed } from "../jobs/job-failed";
import type { BatchJobSpec, BatchJobState } from "./job";
import type { JobFolder } from "./job-folder";
import { MiniBatchQueue, splitFiles } from "./mini-batches";
import { fetchInput, inputFiles } from "./preparation";
import { forRunnerAlone } from "./runner-packages";
import { ScoringPhase, type Program } from "./scoring-phase";

/** What a job works with. */
export interface BatchParts {
  readonly blobs: JobBlobs;
  readonly clusters: Pick<Clusters, "claim">;
  /** A Python that has what the environment says, but for some packages. @throws Error for an environment that can't be had here */
  readonly pythonOf: (environment: Environment, without: readonly string[]) => Promise<string>;
}

const NOTHING_DONE: BatchJobState = {
  status: "Queued",
  files: { total: 0, succeeded: 0, failed: 0 },
  rows: 0,
  processes: [],
};

/** A batch job from the queue to its output. */
export class BatchJob {
  private told: BatchJobState;
  private queue: MiniBatchQueue | undefined;
  private phase: ScoringPhase | undefined;
  private readonly stopped = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly spec: BatchJobSpec,
    private readonly folder: JobFolder,
    private readonly parts: BatchParts,
  ) {
    this.told = { ...(folder.state ?? NOTHING_DONE), status: "Queued", processes: [] };
  }

  get state(): BatchJobState {
    if (this.queue === undefined) return this.told;
    const { rows, ...files } = this.queue.counts;
    return { ...this.told, files, rows, processes: this.phase?.processes ?? [] };
  }

  /** Begins, or goes on with what a killed local Azure left. */
  start(): void {
    this.folder.make();
    this.running = this.run();
  }

  /** Resolves when it has ended. */
  async cancel(): Promise<void> {
    this.told = { ...this.told, status: "CancelRequested" };
    this.stopped.abort();
    await this.running;
  }

  /** Ends the processes; the job goes on when it is started again. */
  async suspend(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { spec, folder, parts } = this;
    this.enter("Queued");
    const grant = parts.clusters.claim(spec.clusterId, spec.id, spec.instances);
    this.stopped.signal.addEventListener("abort", () => grant.release());
    try {
      await this.score(grant);
      this.enter("Finalizing");
      await this.finish();
      await this.end({ status: "Completed" });
    } catch (error) {
      if (this.told.status === "CancelRequested") await this.end({ status: "Canceled" });
      else if (!this.stopped.signal.aborted) {
        const code = error instanceof JobFailed ? error.code : "SystemError";
        const { message } = error as Error;
        folder.log.write(`the job failed: ${message}`);
        await this.end({ status: "Failed", error: { code, message } });
      }
    } finally {
      grant.release();
    }
  }

  private async score(grant: Grant): Promise<void> {
    const { spec, folder, parts } = this;
    const { signal } = this.stopped;
    folder.log.write(`waiting for ${spec.instances} nodes`);
    const nodes = await grant.nodes;
    this.told = { ...this.told, startTime: this.told.startTime ?? new Date().toISOString() };
    this.enter("Preparing");
    const files = await inputFiles(spec, folder, parts.blobs);
    const miniBatches = splitFiles(files, spec.miniBatchSize);
    this.queue = new MiniBatchQueue(miniBatches, folder.outcomes, spec.maxRetries);
    const program = await this.program();
    signal.throwIfAborted();
    const left = this.queue.left.flatMap((miniBatch) => miniBatch.files);
    const fetching = fetchInput(spec, folder, parts.blobs, left);
    const { file } = fetching;
    this.enter("Running");
    folder.log.write(`${files.length} files in ${miniBatches.length} mini-batches`);
    this.phase = new ScoringPhase({ spec, folder, queue: this.queue, program, nodes, file, signal });
    try {
      await this.phase.run();
    } finally {
      fetching.stop();
      this.phase = undefined;
    }
  }

  /** Brings model and script here. */
  private async program(): Promise<Program> {
    const { spec, folder, parts } = this;
    const { model, code, environment } = spec;
    const copied = model && (await copyPlace(parts.blobs, model, folder.model, "The model"));
    const scripts = code && (await copyPlace(parts.blobs, code, folder.code, "The code"));
    const env = plainEnvironment({
      ...spec.environmentVariables,
      AZUREML_MODEL_DIR: folder.model,
      AZUREML_BI_OUTPUT_PATH: folder.output,
      MLFLOW_DISABLE_TELEMETRY: "true",
      PYTHONUNBUFFERED: "1",
    });
    if (code === undefined || scripts === undefined) {
      if (copied === undefined)
        throw new JobFailed("UserError", "A batch deployment without a scoring script needs a model.");
      return { python, what: ["mlflow", copied], env, cwd: copied };
    }
    const script = join(scripts, code.scoringScript);
    const interpreter = environment === undefined ? python : await this.pythonFor(environment, scripts);
    return { python: interpreter, what: ["script", script, spec.loggingLevel ?? "Info"], env, cwd: scripts };
  }

  private async pythonFor(environment: Environment, scripts: string): Promise<string> {
    try {
      return await this.parts.pythonOf(environment, forRunnerAlone(scripts));
    } catch (error) {
      throw new JobFailed("UserError", (error as Error).message);
    }
  }

  /** Puts the lines together in the order of the mini-batches, and all of the output where it belongs. */
  private async finish(): Promise<void> {
    const { spec, folder, parts } = this;
    const outcomes = folder.outcomes.sort((one, other) => one.index - other.index);
    if (outcomes.every(({ succeeded }) => succeeded === 0))
      throw new JobFailed(
        "UserError",
        "No succeeded mini batch item returned from run(). The traces are in logs/user/error.txt.",
      );
    if (spec.outputAction === "AppendRow") {
      const lines = async function* (): AsyncGenerator<Buffer> {
        for (const { index, rows } of outcomes) if (rows > 0) yield* createReadStream(folder.lines(index));
      };
      await pipeline(lines, createWriteStream(join(folder.output, spec.outputFileName)));
    }
    await uploadTo(parts.blobs, spec.output, folder.output);
    const { files, rows } = this.state;
    folder.log.write(`${files.succeeded} files succeeded and ${files.failed} failed; ${rows} rows`);
  }

  private enter(status: BatchJobState["status"]): void {
    if (this.stopped.signal.aborted) return;
    this.told = { ...this.told, status };
    this.folder.saveState(this.state);
  }

  private async end(how: Pick<BatchJobState, "status" | "error">): Promise<void> {
    const { folder, parts, spec } = this;
    folder.log.write(`the job is ${how.status}`);
    await uploadTo(parts.blobs, spec.logs, folder.logs).catch((error: unknown) =>
      folder.log.write(`the logs could not be kept with the job: ${(error as Error).message}`),
    );
    this.told = { ...this.state, ...how, endTime: new Date().toISOString(), processes: [] };
    folder.saveState(this.told);
    this.queue = undefined;
    await folder.clear();
  }
}
