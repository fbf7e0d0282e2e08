import type { CommandJobSpec } from "../command-jobs/job";
import type { Principal } from "../identity/principal";
import type { BlobPlace } from "../jobs/blob-place";
import type { JobState, JobStatus } from "../jobs/job-status";
import type { SweepSpec } from "../sweep-jobs/sweep";

/** Where an output of a step is. */
export interface StepOutput {
  /** `azureml://…` of it. */
  readonly uri: string;
  readonly place: BlobPlace;
}

interface Step {
  readonly name: string;
  readonly displayName: string;
  /** Names of the steps that it reads from, or waits for. */
  readonly needs: readonly string[];
  /** Where its outputs go unless it is reused. */
  readonly outputs: Readonly<Record<string, StepOutput>>;
}

export interface CommandStep extends Step {
  readonly kind: "command";
  readonly spec: CommandJobSpec;
  /** A run of the same with the same inputs may stand for it. */
  readonly reuse: boolean;
  /** Digest of the code, where whoever registered it has told one: azure-ai-ml gives code that has no name another one each time. */
  readonly codeDigest?: string;
}

/** Its outputs are the best trial's, which is known in the end. */
export interface SweepStep extends Step {
  readonly kind: "sweep";
  readonly spec: SweepSpec;
}

export interface NestedPipeline extends Step {
  readonly kind: "pipeline";
  readonly spec: PipelineJobSpec;
}

/** A step, whose job's id is made when the pipeline is. */
export type PipelineStep = CommandStep | SweepStep | NestedPipeline;

/** A step's output that is the pipeline's own. */
export interface OutputOf {
  readonly step: string;
  readonly output: string;
}

/** What a pipeline job is to do, out of its ARM body and of the components that its steps are. */
export interface PipelineJobSpec {
  /** ARM id of the job. */
  readonly id: string;
  /** ARM id of the pipeline job that it is a step of. */
  readonly parentId?: string;
  readonly experimentName: string;
  readonly displayName: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Who put it. */
  readonly owner: Principal;
  /** When a step fails, those that do not depend on it go on. */
  readonly continueOnStepFailure: boolean;
  readonly steps: readonly PipelineStep[];
  readonly outputs: Readonly<Record<string, OutputOf>>;
}

/** How far a step is. */
export interface StepState {
  readonly status: JobStatus;
  readonly startTime?: string;
  readonly endTime?: string;
  readonly error?: { readonly code: string; readonly message: string };
  /** Name of the job whose outputs stand for its own. */
  readonly reusedFrom?: string;
  /** Where its outputs are, once it is Completed. */
  readonly outputs?: Readonly<Record<string, StepOutput>>;
}

/** How far a pipeline job is. */
export interface PipelineState extends JobState {
  /** By name. */
  readonly steps: Readonly<Record<string, StepState>>;
}

/** The pipeline jobs of this machine. Job ids are taken without regard to case. */
export interface PipelineJobs {
  /** Makes its run and begins, or goes on after a restart of the local Azure; a job that has ended is left alone. */
  start(spec: PipelineJobSpec): Promise<void>;
  /** Resolves when no process of any of its steps is left. */
  cancel(jobId: string): Promise<void>;
  /** Cancels it where it runs, and forgets it with its steps. */
  remove(spec: PipelineJobSpec): Promise<void>;
  state(jobId: string): PipelineState | undefined;
  /** The newest lines of what was done with it. */
  log(jobId: string, lines: number): string;
  close(): Promise<void>;
}
