import type { BatchJobState } from "../batch/job";
import type { CommandJobSpec } from "../command-jobs/job";
import type { Environment } from "../environments/environment";
import type { JobState } from "../jobs/job-status";
import type { BlobFolder } from "../mlflow/model-files";
import type { PipelineJobSpec, PipelineState } from "../pipeline-jobs/job";
import type { SweepSpec, SweepState } from "../sweep-jobs/sweep";

/** What ARM's writes set going in the other parts of the local Azure. ARM awaits each before it says Succeeded. */
export interface Effects {
  /** A storage account came to be, or lost everything it held. */
  storageAccountCreated(account: string): Promise<void>;
  storageAccountDeleted(account: string): Promise<void>;
  /** Makes the container if it is not there. */
  containerCreated(account: string, container: string): Promise<void>;
  /** Gives the workspace (ARM id) its MLflow server; resolves when it answers. */
  workspaceCreated(workspaceId: string): Promise<void>;
  /** Ends the workspace's MLflow server and drops what it held; already when it is soft-deleted, for nothing recovers it. */
  workspaceDeleted(workspaceId: string): Promise<void>;
  /** Starts (or exchanges without a gap) the deployment's processes; rejects with what the model's log says. */
  deploy(deployment: OnlineDeploymentSpec): Promise<void>;
  undeploy(deploymentId: string): Promise<void>;
  /** The deployment's own log, newest lines last. */
  deploymentLog(deploymentId: string, tail: number): Promise<string>;
  /** How far a batch job (ARM id) is; undefined for one that was never started. */
  batchJob(jobId: string): BatchJobState | undefined;
  /** Resolves when none of its processes is left. */
  cancelBatchJob(jobId: string): Promise<void>;
  /** Makes the job's run in MLflow, and queues it. */
  startCommandJob(job: CommandJobSpec): Promise<void>;
  /** How far a command job (ARM id) is; undefined for one that was never started. */
  commandJob(jobId: string): JobState | undefined;
  /** Resolves when none of its processes is left. */
  cancelCommandJob(jobId: string): Promise<void>;
  /** Cancels it where it runs, and takes its run away. */
  removeCommandJob(jobId: string): Promise<void>;
  /** Makes the pipeline's run in MLflow, and begins its first steps. */
  startPipelineJob(job: PipelineJobSpec): Promise<void>;
  /** How far a pipeline job (ARM id) is; undefined for one that was never started. */
  pipelineJob(jobId: string): PipelineState | undefined;
  /** Resolves when no process of its steps is left. */
  cancelPipelineJob(jobId: string): Promise<void>;
  /** Cancels it where it runs, and takes its runs away. */
  removePipelineJob(job: PipelineJobSpec): Promise<void>;
  /** Makes the sweep's run in MLflow, and begins its trials. */
  startSweep(sweep: SweepSpec): Promise<void>;
  /** How far a sweep (ARM id) is; undefined for one that was never started. */
  sweep(jobId: string): SweepState | undefined;
  /** Resolves when no process of its trials is left. */
  cancelSweep(jobId: string): Promise<void>;
  /** Cancels it where it runs, and takes its run away; its trials' jobs are resources of their own. */
  removeSweep(jobId: string): Promise<void>;
}

export interface OnlineDeploymentSpec {
  /** ARM id of the deployment. */
  readonly id: string;
  /** Where the model's files are, and what it is registered as. */
  readonly model: (BlobFolder & { readonly name: string; readonly version: string }) | undefined;
  /** `mlflow_model`, `custom_model` or `triton_model`. */
  readonly modelType: string;
  /** The script that answers, a path below the folder with what it imports; undefined where the model's own flavor answers. */
  readonly code: (BlobFolder & { readonly scoringScript: string }) | undefined;
  /** What the script runs in; undefined without a script. */
  readonly environment: Environment | undefined;
  readonly instances: number;
  readonly environmentVariables: Readonly<Record<string, string>>;
  /** Milliseconds a scoring request may take. */
  readonly requestTimeout: number;
  readonly maxConcurrentRequestsPerInstance: number;
}
