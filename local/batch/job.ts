import type { Environment } from "../environments/environment";
import type { BlobPlace } from "../jobs/blob-place";
import type { JobState, JobStatus } from "../jobs/job-status";

/** What a batch job is to do, out of the deployment and the call that started it. */
export interface BatchJobSpec {
  /** ARM id of the job. */
  readonly id: string;
  /** ARM id of the cluster that it runs on. */
  readonly clusterId: string;
  /** Nodes that work on it at once. */
  readonly instances: number;
  /** Processes on each of them. */
  readonly concurrencyPerInstance: number;
  /** Files that one call of `run` gets; an MLflow model gets them one by one. */
  readonly miniBatchSize: number;
  /** Files that may fail before the job does; -1: any number. */
  readonly errorThreshold: number;
  /** Times that a mini-batch is tried again. */
  readonly maxRetries: number;
  /** Milliseconds that a mini-batch may take. */
  readonly timeout: number;
  /** `AppendRow`: what `run` returns becomes the lines of one file. `SummaryOnly`: the script writes its own files. */
  readonly outputAction: "AppendRow" | "SummaryOnly";
  /** Of the file that `AppendRow` makes. */
  readonly outputFileName: string;
  readonly environmentVariables: Readonly<Record<string, string>>;
  /** What a script finds as its argument `--logging_level`; default `Info`. */
  readonly loggingLevel?: string;
  readonly model: (BlobPlace & { readonly type: string }) | undefined;
  /** The script that scores; undefined where the model's own flavor does. */
  readonly code: (BlobPlace & { readonly scoringScript: string }) | undefined;
  /** What the script runs in; undefined where the model's own flavor scores. */
  readonly environment: Environment | undefined;
  readonly input: BlobPlace & { readonly kind: "uri_folder" | "uri_file" };
  /** Where `score` goes. */
  readonly output: BlobPlace;
  /** Where the job's logs go. */
  readonly logs: BlobPlace;
}

/** How far a job is. */
export interface BatchJobState extends JobState {
  readonly status: Exclude<JobStatus, "NotStarted">;
  /** Files of the input, and how many of them succeeded and failed so far. */
  readonly files: { readonly total: number; readonly succeeded: number; readonly failed: number };
  /** Lines that `AppendRow` has so far. */
  readonly rows: number;
  /** Its processes that take mini-batches, by process id. */
  readonly processes: readonly number[];
}

/** The batch jobs of this machine. Job ids are taken without regard to case. */
export interface BatchJobs {
  /** Queues it, or goes on with it after a restart of the local Azure; a job that has ended is left alone. */
  start(spec: BatchJobSpec): void;
  /** Resolves when no process of the job is left. */
  cancel(jobId: string): Promise<void>;
  state(jobId: string): BatchJobState | undefined;
  /** The newest lines of the job's own log, oldest first. */
  log(jobId: string, tail: number): string;
  close(): Promise<void>;
}
