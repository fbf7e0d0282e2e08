import * as pulumi from "@pulumi/pulumi";
import { PipelineRun } from "../providers/pipeline/resource";
import type { PipelineStepInputs, StepResult, StepSettings } from "../providers/pipeline/types";
import type { TrainingInputs, TrainingOutput } from "../providers/training-job/types";
import { checkArgs } from "./args";
import { assetName } from "./naming";
import { pipelineRules, type PipelineArgs } from "./pipeline-args";
import { stepInputs, stepSettings } from "./pipeline-component";
import { pipelineConstraints } from "./pipeline-constraints";
import { isStepOutput, readOf, withReferences } from "./pipeline-references";
import type { PipelineStep } from "./pipeline-steps";
import { TRAINING_SECONDS } from "./training-job-args";

/**
 * A pipeline job: steps that read what others have written, each a run of its own below the pipeline's. `up` submits it, waits for it and has what its steps logged as outputs.
 * The same steps, code, inputs and environments make no second run; others do, in which a step that is as before, and reads what it read before, has the outputs of
 * its last run and costs nothing. What the steps run on, their limits, the places of their outputs and the display name count from the next run on; `description` and `tags` change in place.
 *
 * Each step is registered as a version of a component, `NAME-STEP`, which other pipelines of the workspace can use; versions outlive the pipeline. A value or file that a step reads is
 * shown among the pipeline's inputs as `STEP_INPUT`.
 *
 * `MlflowModel` takes what a step has made: `source: pipeline.stepRuns.apply((steps) => steps["train"]?.models["model"] ?? "")`, or `pipeline.outputUris`.
 *
 * Who runs `up` needs the role AzureML Data Scientist in the workspace, and writes to its blob store.
 */
export class Pipeline extends pulumi.ComponentResource {
  /** ARM id of the job. */
  declare readonly id: pulumi.Output<string>;
  /** Of the MLflow run that the steps' runs are below, which is the job's name as well. */
  declare readonly runId: pulumi.Output<string>;
  /** ARM's word: `Completed`; without `wait` `Running`, `Failed`, … */
  declare readonly status: pulumi.Output<string>;
  /**
   * Of each step that has a run, by its name: `runId`, `status`, `metrics`, `params`, `runTags`, `outputUris` and `models` as `TrainingJob` has them, and whether it is `reused`, when the rest
   * is of the run that stands for it.
   */
  declare readonly stepRuns: pulumi.Output<Record<string, StepResult>>;
  /** Address of each of `outputs`, by name: `azureml://datastores/…` or `azureml://jobs/JOB/outputs/NAME`, which `MlflowModel` and `CustomModel` take as `source`. */
  declare readonly outputUris: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: PipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:Pipeline", name, {}, opts);
    args = checkArgs("Pipeline", name, withReferences(args), pipelineRules, pipelineConstraints);
    const { workspaceId, steps, outputs, tags } = args;
    const each = <T>(map: (step: PipelineStep, key: string) => T): Record<string, T> =>
      Object.fromEntries(Object.entries(steps).map(([key, step]) => [key, map(step, key)]));
    const registered = each((step, key) => stepInputs(name, key, step, { workspaceId, tags }, this));
    const settings = each((step, key) => stepSettings(key, step, outputs));
    const run = new PipelineRun(
      name,
      {
        workspaceId,
        prefix: assetName(name),
        steps: pulumi.output(registered) as pulumi.Output<Record<string, PipelineStepInputs>>,
        stepSettings: pulumi.output(settings) as pulumi.Output<Record<string, StepSettings>>,
        inputs: pulumi.output(readOf(steps)) as unknown as pulumi.Output<TrainingInputs>,
        outputs: outputs && ownOutputs(steps, outputs),
        computeId: args.computeId,
        continueOnStepFailure: args.continueOnStepFailure ?? false,
        experimentName: args.experimentName ?? name,
        displayName: args.displayName,
        description: args.description,
        tags,
        rerun: args.rerun,
        wait: args.wait ?? true,
        deadlineSeconds: args.deadlineSeconds ?? TRAINING_SECONDS,
        onDestroy: args.onDestroy ?? "cancel",
      },
      // A new run replaces the last, which a protection inherited from a stack would forbid.
      { parent: this, protect: false },
    );

    this.id = run.id;
    this.runId = run.runId;
    this.status = run.status;
    this.stepRuns = run.stepRuns;
    this.outputUris = run.outputUris;
    this.registerOutputs({
      id: this.id,
      runId: this.runId,
      status: this.status,
      stepRuns: this.stepRuns,
      outputUris: this.outputUris,
    });
  }
}

/** The pipeline's outputs, each as the step that writes it declares it. */
function ownOutputs(
  steps: PipelineArgs["steps"],
  outputs: NonNullable<PipelineArgs["outputs"]>,
): pulumi.Output<Record<string, TrainingOutput>> {
  const declared = Object.entries(outputs).flatMap(([name, output]) => {
    const step = isStepOutput(output) ? steps[output.step ?? ""] : undefined;
    const found = isStepOutput(output) ? step?.outputs[output.output ?? ""] : undefined;
    return found === undefined ? [] : [[name, found] as const];
  });
  return pulumi.output(Object.fromEntries(declared)) as pulumi.Output<Record<string, TrainingOutput>>;
}
