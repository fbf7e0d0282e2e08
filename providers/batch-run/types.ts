import type { JobInput } from "../jobs/input";
import type { BatchInput } from "../clients/batch-jobs";

/** What the program declares of a run. */
export interface BatchRunInputs {
  /** ARM id of the batch endpoint. */
  readonly endpointId: string;
  /** Name of a deployment; the endpoint's default where there is none. */
  readonly deployment?: string;
  readonly input: JobInput;
  /** The folder below which each run has one of its own. */
  readonly outputUri?: string;
  /** Another value makes another run. */
  readonly rerun?: string;
  readonly wait: boolean;
  /** How long to wait. */
  readonly deadlineSeconds: number;
  /** What becomes of a job that has not ended when the resource goes. */
  readonly onDestroy: "cancel" | "leave";
  /** What the input is; `check` puts it in. */
  readonly inputDigest?: string;
  /** The deployment's name and what it scores with; `check` puts it in where the deployment can be read. */
  readonly deploymentDigest?: string;
}

/** The one file that predictions are appended to. */
export interface PredictionsFile {
  readonly name: string;
  /** Whether each row ends in the name of its file, as where a model's own flavor scores. */
  readonly named: boolean;
}

/** How many of the input's files a job scored, as far as its output tells. */
export interface BatchRunFiles {
  readonly total?: number;
  readonly succeeded?: number;
  readonly failed?: number;
}

/** What a job has left. */
export interface BatchRunResult {
  /** ARM's word: `Running`, `Completed`, `Failed`, … */
  readonly status: string;
  /** Addresses of the output's files. */
  readonly outputUris: readonly string[];
  readonly files: BatchRunFiles;
  /** Lines of the one file that predictions are appended to; undefined where the script writes files of its own. */
  readonly rows?: number;
}

/** A job that was submitted. */
export interface SubmittedRun {
  readonly jobName: string;
  readonly jobInput: BatchInput;
  /** The folder of the output. */
  readonly jobOutputUri: string;
  /** Undefined where the script writes files of its own. */
  readonly predictions?: PredictionsFile;
}

/** What the state holds; the resource's id is the job's ARM id. */
export interface BatchRunOutputs extends BatchRunInputs, SubmittedRun, BatchRunResult {}
