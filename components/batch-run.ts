import * as pulumi from "@pulumi/pulumi";
import { BatchRunJob } from "../providers/batch-run/resource";
import type { BatchRunFiles } from "../providers/batch-run/types";
import { checkArgs } from "./args";
import { batchRunConstraints, batchRunRules, RUN_SECONDS, type BatchRunArgs } from "./batch-run-args";

/**
 * Files scored by a batch endpoint as one job: `up` submits it, waits for it and has what it made as outputs. The same files and the same deployment make no second run;
 * other files, another model, script or environment of the deployment, or another `rerun` do. An `up` that was killed finds its job again. A job costs the time of the
 * machines that it runs on.
 *
 * Who runs `up` needs the role AzureML Data Scientist in the workspace, and reads its blob store.
 */
export class BatchRun extends pulumi.ComponentResource {
  /** ARM id of the job. */
  declare readonly id: pulumi.Output<string>;
  /** As the studio and `az ml job` name it. */
  declare readonly jobName: pulumi.Output<string>;
  /** ARM's word: `Completed`; without `wait` `Queued`, `Running`, `Failed`, … */
  declare readonly status: pulumi.Output<string>;
  /** The output's folder, `azureml://…/`. */
  declare readonly outputUri: pulumi.Output<string>;
  /** Addresses of the files in it; none before the job has completed. */
  declare readonly outputUris: pulumi.Output<string[]>;
  /** How many files there were (`total`), where they can be listed; with a model without a script also how many have predictions (`succeeded`) and have none (`failed`). */
  declare readonly files: pulumi.Output<BatchRunFiles>;
  /** Lines of predictions; undefined where the script writes files of its own. */
  declare readonly rows: pulumi.Output<number | undefined>;

  constructor(name: string, args: BatchRunArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:BatchRun", name, {}, opts);
    args = checkArgs("BatchRun", name, args, batchRunRules, batchRunConstraints);
    const { wait = true, deadlineSeconds = RUN_SECONDS, onDestroy = "cancel", ...rest } = args;
    const job = new BatchRunJob(
      name,
      { ...rest, wait, deadlineSeconds, onDestroy },
      // A new run replaces the last, which a protection inherited from a stack would forbid.
      { parent: this, protect: false },
    );

    this.id = job.id;
    this.jobName = job.jobName;
    this.status = job.status;
    this.outputUri = job.jobOutputUri;
    this.outputUris = job.outputUris;
    this.files = job.files;
    this.rows = job.rows;
    this.registerOutputs({
      id: this.id,
      jobName: this.jobName,
      status: this.status,
      outputUri: this.outputUri,
      outputUris: this.outputUris,
      files: this.files,
      rows: this.rows,
    });
  }
}
