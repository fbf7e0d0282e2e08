import type { Environment } from "../environments/environment";
import type { Principal } from "../identity/principal";
import type { BlobPlace } from "../jobs/blob-place";
import type { JobState } from "../jobs/job-status";

/** What the command finds in the place of an input's binding. */
export type JobInput =
  /** The text itself: a literal, or the address of data that the command reads by itself. */
  | { readonly kind: "text"; readonly text: string }
  /** A path of files that are there before the command begins. */
  | { readonly kind: "files"; readonly place: BlobPlace };

/** What the command finds in the place of an output's binding. */
export interface JobOutput {
  readonly place: BlobPlace;
  /** `azureml://…` of it. */
  readonly uri: string;
  /** `uri_folder`, `uri_file`, `mltable`, `mlflow_model`, `custom_model` or `triton_model`. */
  readonly type: string;
  /** The command writes to the address itself. */
  readonly direct: boolean;
}

/** What a command job is to do, out of its ARM body. */
export interface CommandJobSpec {
  /** ARM id of the job. */
  readonly id: string;
  readonly experimentName: string;
  readonly displayName: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Who put it: the command tracks as that principal. */
  readonly owner: Principal;
  /** ARM id of the cluster that it runs on; undefined: serverless, which starts at once. */
  readonly clusterId: string | undefined;
  /** Nodes of the cluster that it takes. */
  readonly instances: number;
  /** With its bindings. */
  readonly command: string;
  readonly code: BlobPlace | undefined;
  readonly environment: Environment;
  readonly environmentVariables: Readonly<Record<string, string>>;
  readonly inputs: Readonly<Record<string, JobInput>>;
  readonly outputs: Readonly<Record<string, JobOutput>>;
  /** Milliseconds that the command may take; undefined for any time. */
  readonly timeout: number | undefined;
  /** `PyTorch`, `TensorFlow`, `Mpi` or `Ray`, where the job says how its processes find each other. */
  readonly distribution: string | undefined;
  /** Where the run's artifacts go. */
  readonly artifacts: BlobPlace;
  /** The run at the top of those that it is below; its own where it is below none. */
  readonly rootRun?: string;
  /** ARM id of the sweep that the job is a trial of; undefined for a job of its own. */
  readonly sweepId?: string;
}

/** The command jobs of this machine. Job ids are taken without regard to case. */
export interface CommandJobs {
  /** Makes its run and queues it, or goes on with it after a restart of the local Azure; a job that has ended is left alone. */
  start(spec: CommandJobSpec): Promise<void>;
  /** Resolves when no process of the job is left. */
  cancel(jobId: string): Promise<void>;
  /** Cancels it where it runs, and forgets it. */
  remove(jobId: string): Promise<void>;
  state(jobId: string): JobState | undefined;
  /** Resolves when it is over with it: it has ended, or the local Azure is about to. */
  ended(jobId: string): Promise<void>;
  close(): Promise<void>;
}
