import * as pulumi from "@pulumi/pulumi";
import { Sweep } from "../providers/sweep-job/resource";
import type {
  SweepDistribution,
  SweepEarlyTermination,
  SweepObjective,
  SweepSampling,
} from "../providers/sweep-job/types";
import { checkArgs } from "./args";
import { sweepJobRules, type SweepJobArgs } from "./sweep-job-args";
import { sweepJobConstraints } from "./sweep-job-constraints";
import { commandArgs } from "./training-command";

/**
 * A sweep job that trains with many values and keeps count of the best: each trial is a run of the command, below the sweep's own run in MLflow. `up` submits it, waits for it and
 * has what the best trial logged as outputs. What makes another sweep, and what changes in place, is as with `TrainingJob`; so is an `up` that was killed. Trials cost the time of the
 * machines that they run on.
 *
 * `MlflowModel` takes what the best trial has made: `source: sweep.models.apply((models) => models["model"])`.
 *
 * Who runs `up` needs the role AzureML Data Scientist in the workspace, and writes to its blob store.
 */
export class SweepJob extends pulumi.ComponentResource {
  /** ARM id of the job. */
  declare readonly id: pulumi.Output<string>;
  /** Of the sweep's own MLflow run, which is the job's name as well; the trials' runs are below it. */
  declare readonly runId: pulumi.Output<string>;
  /** ARM's word: `Completed`; without `wait` `Running`, `Failed`, … */
  declare readonly status: pulumi.Output<string>;
  /** How many trials there were. */
  declare readonly trials: pulumi.Output<number>;
  /** Of the best trial, whose job has the same name. Undefined without `wait` while no trial has logged the metric. */
  declare readonly bestRunId: pulumi.Output<string | undefined>;
  /** The last value of each metric that the best trial logged, by name; those that are no numbers (NaN, infinity) are left out. */
  declare readonly metrics: pulumi.Output<Record<string, number>>;
  /** The parameters that the best trial logged. */
  declare readonly params: pulumi.Output<Record<string, string>>;
  /** Address of each of the best trial's `outputs`, by name: `azureml://jobs/JOB/outputs/NAME`, which `MlflowModel` and `CustomModel` take as `path`. */
  declare readonly outputUris: pulumi.Output<Record<string, string>>;
  /** Address of each model that the best trial logged with MLflow 2, `runs:/RUN/PATH`, by its path in the run. */
  declare readonly models: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: SweepJobArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:SweepJob", name, {}, opts);
    args = checkArgs("SweepJob", name, args, sweepJobRules, sweepJobConstraints);
    const limits = pulumi.output(args.limits);
    const sweep = new Sweep(
      name,
      {
        ...commandArgs(name, args, this),
        // What is nested is plain once it is an output, which the types of unions and records do not follow.
        searchSpace: pulumi.output(args.searchSpace) as pulumi.Output<Record<string, SweepDistribution>>,
        samplingAlgorithm: pulumi.output(args.samplingAlgorithm) as pulumi.Output<SweepSampling>,
        objective: pulumi.output(args.objective) as pulumi.Output<SweepObjective>,
        earlyTermination:
          args.earlyTermination &&
          (pulumi.output(args.earlyTermination) as pulumi.Output<SweepEarlyTermination>),
        maxTotalTrials: limits.maxTotalTrials,
        maxConcurrentTrials: limits.apply((each) => each.maxConcurrentTrials),
        timeoutSeconds: limits.apply((each) => each.timeoutSeconds),
        trialTimeoutSeconds: limits.apply((each) => each.trialTimeoutSeconds),
      },
      // A new sweep replaces the last, which a protection inherited from a stack would forbid.
      { parent: this, protect: false },
    );

    this.id = sweep.id;
    this.runId = sweep.runId;
    this.status = sweep.status;
    this.trials = sweep.trials;
    this.bestRunId = sweep.bestRunId;
    this.metrics = sweep.metrics;
    this.params = sweep.params;
    this.outputUris = sweep.outputUris;
    this.models = sweep.models;
    this.registerOutputs({
      id: this.id,
      runId: this.runId,
      status: this.status,
      trials: this.trials,
      bestRunId: this.bestRunId,
      metrics: this.metrics,
      params: this.params,
      outputUris: this.outputUris,
      models: this.models,
    });
  }
}
