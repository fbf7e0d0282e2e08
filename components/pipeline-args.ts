import type * as pulumi from "@pulumi/pulumi";
import {
  armId,
  flag,
  integer,
  kindOf,
  literalOr,
  objectOf,
  oneOf,
  optional,
  recordOf,
  rule,
  tags,
  text,
  within,
  type Rule,
  type Rules,
} from "../providers/rules";
import { isReference, isStepOutput } from "./pipeline-references";
import type { PipelineStep, StepOutput } from "./pipeline-steps";
import { sweepJobRules } from "./sweep-job-args";
import type { Tags } from "./tags";
import { trainingJobRules, type TrainingJobArgs } from "./training-job-args";
import { trainingInputFilesRules, trainingOutputs } from "./training-job-data";

/** What of a job's arguments is each step's. */
type OfSteps =
  | "command"
  | "code"
  | "inputs"
  | "outputs"
  | "environment"
  | "environmentId"
  | "environmentVariables"
  | "instanceCount"
  | "distribution"
  | "resources"
  | "limits"
  | "queueSettings"
  | "identity";

export interface PipelineArgs extends Omit<TrainingJobArgs, OfSteps> {
  /** By name, which are small letters, digits and underscores, no digit first: each made by `commandStep`, `sweepStep` or `pipelineStep`. Steps that need nothing of one another run at the same time. */
  readonly steps: Readonly<Record<string, PipelineStep>>;
  /** What the pipeline is for, by name: `{ model: train.outputs.model }`. Their addresses are `outputUris`. None by default. */
  readonly outputs?: Readonly<Record<string, StepOutput>>;
  /** ARM id of what steps without a `computeId` of their own run on. Serverless machines by default. */
  readonly computeId?: pulumi.Input<string>;
  /** Whether the steps that do not need it go on when a step fails; the pipeline fails all the same. False by default. */
  readonly continueOnStepFailure?: pulumi.Input<boolean>;
  /** Any text; another one makes another run of the same, in which all steps run (Azure ML's `force_rerun`). None by default. */
  readonly rerun?: pulumi.Input<string>;
  /** Of the job, and of what the steps register; on the job they change in place, and tags that others add stay. None by default. */
  readonly tags?: Tags;
}

const word = text("text", /^/);

const stepInputs = recordOf(
  literalOr(
    objectOf({
      ...trainingInputFilesRules,
      from: optional(rule(isReference, "one of the outputs of another step of the pipeline")),
    }),
  ),
);

const { command, code, environmentId, environment, environmentVariables, computeId, instanceCount } =
  trainingJobRules;
const { distribution, resources, limits, queueSettings, identity, experimentName, displayName } =
  trainingJobRules;

const everyStep = {
  ...{ command, code, environmentId, environment, computeId, instanceCount },
  ...{ resources, queueSettings, identity },
  inputs: optional(stepInputs),
  outputs: optional(trainingOutputs),
  reuse: optional(flag()),
};

const { searchSpace, samplingAlgorithm, objective, earlyTermination, limits: sweepLimits } = sweepJobRules;
const search = { searchSpace, samplingAlgorithm, objective, earlyTermination, limits: sweepLimits };

const steps: Rule = recordOf(
  kindOf("kind", {
    command: { ...everyStep, environmentVariables, distribution, limits },
    sweep: { ...everyStep, ...search },
    pipeline: {
      // A pipeline's steps are as those around it.
      steps: within(() => steps),
      inputs: optional(stepInputs),
      outputs: optional(trainingOutputs),
      outputOf: optional(recordOf(rule(isReference, "one of the outputs of a step of the pipeline"))),
    },
  }),
);

export const pipelineRules: Rules<PipelineArgs> = {
  workspaceId: armId("Microsoft.MachineLearningServices/workspaces"),
  steps,
  outputs: optional(recordOf(rule(isStepOutput, "one of the outputs of a step of the pipeline"))),
  computeId,
  continueOnStepFailure: optional(flag()),
  experimentName,
  displayName,
  description: optional(word),
  tags: optional(tags),
  rerun: optional(word),
  wait: optional(flag()),
  deadlineSeconds: optional(integer(1, Number.MAX_SAFE_INTEGER)),
  onDestroy: optional(oneOf("cancel", "leave")),
};
