import * as pulumi from "@pulumi/pulumi";
import { TrainingRun } from "../providers/training-job/resource";
import { checkArgs } from "./args";
import { commandArgs } from "./training-command";
import { trainingJobRules, type TrainingJobArgs } from "./training-job-args";
import { trainingJobConstraints } from "./training-job-constraints";

/**
 * A command job that trains, with its MLflow run: `up` submits it, waits for it and has what it logged as outputs. The same code, command, inputs and environment make no second
 * run; others do, and so does another `rerun`. What a job runs on, its limits, its outputs' places and its display name count from the next run on; its `description` and
 * `tags` change in place. An `up` that was killed finds its job again. A job costs the time of the machines that it runs on.
 *
 * `MlflowModel` takes what a run has made: `source: job.models.apply((models) => models["model"])`.
 *
 * Who runs `up` needs the role AzureML Data Scientist in the workspace, and writes to its blob store.
 */
export class TrainingJob extends pulumi.ComponentResource {
  /** ARM id of the job. */
  declare readonly id: pulumi.Output<string>;
  /** Of the MLflow run, which is the job's name as well. */
  declare readonly runId: pulumi.Output<string>;
  /** ARM's word: `Completed`; without `wait` `Queued`, `Running`, `Failed`, … */
  declare readonly status: pulumi.Output<string>;
  /** The last value of each metric that the run logged, by name; those that are no numbers (NaN, infinity) are left out. */
  declare readonly metrics: pulumi.Output<Record<string, number>>;
  /** The parameters that the run logged. */
  declare readonly params: pulumi.Output<Record<string, string>>;
  /** The run's tags, without those that MLflow and Azure ML add. */
  declare readonly runTags: pulumi.Output<Record<string, string>>;
  /** Address of each of `outputs`, by name: `azureml://datastores/…` or `azureml://jobs/JOB/outputs/NAME`, which `MlflowModel` and `CustomModel` take as `source`. */
  declare readonly outputUris: pulumi.Output<Record<string, string>>;
  /** Address of each model that the run logged with MLflow 2, `runs:/RUN/PATH`, by its path in the run. */
  declare readonly models: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: TrainingJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:TrainingJob", name, {}, opts);
    args = checkArgs("TrainingJob", name, args, trainingJobRules, trainingJobConstraints);
    const { limits } = args;
    const run = new TrainingRun(
      name,
      { ...commandArgs(name, args, this), limits: limits && pulumi.output(limits) },
      // A new run replaces the last, which a protection inherited from a stack would forbid.
      { parent: this, protect: false },
    );

    this.id = run.id;
    this.runId = run.runId;
    this.status = run.status;
    this.metrics = run.metrics;
    this.params = run.params;
    this.runTags = run.runTags;
    this.outputUris = run.outputUris;
    this.models = run.models;
    this.registerOutputs({
      id: this.id,
      runId: this.runId,
      status: this.status,
      metrics: this.metrics,
      params: this.params,
      runTags: this.runTags,
      outputUris: this.outputUris,
      models: this.models,
    });
  }
}
