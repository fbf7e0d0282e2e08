import type * as pulumi from "@pulumi/pulumi";
import type { SweepJobArgs } from "./sweep-job-args";
import type { TrainingJobArgs } from "./training-job-args";
import type { TrainingInput, TrainingInputFiles, TrainingJobOutput } from "./training-job-data";

/** Kinds of data and of models that steps pass on. */
export type StepDataType =
  "uri_file" | "uri_folder" | "mltable" | "mlflow_model" | "custom_model" | "triton_model";

/** What a step writes, and what another one of the pipeline reads by `from`. */
export interface StepOutput<Type extends StepDataType = StepDataType> extends Omit<
  TrainingJobOutput,
  "type"
> {
  /** `uri_folder`, `uri_file`, `mltable`, `mlflow_model`, `custom_model` or `triton_model`. */
  readonly type: Type;
}

/** Files that another step of the pipeline has written. */
interface FromStep<Type extends StepDataType> extends Omit<TrainingInputFiles, "type" | "uri" | "path"> {
  /** The output's own type. */
  readonly type: Type;
  /** One of the `outputs` of another step. */
  readonly from: StepOutput<Type>;
}

/** What a step reads: what a job does, or another step's output of the same type. */
export type StepInput = TrainingInput | { [Type in StepDataType]: FromStep<Type> }[StepDataType];

type Outputs = Readonly<Record<string, StepOutput>>;

/** What of a job's arguments is of the job as a whole. */
type OfJob =
  | "workspaceId"
  | "experimentName"
  | "displayName"
  | "description"
  | "tags"
  | "rerun"
  | "wait"
  | "deadlineSeconds"
  | "onDestroy";

/** A step of a `Pipeline` that runs a command, made by `commandStep`; its `outputs` are what other steps read. */
export interface CommandStep<Own extends Outputs = Outputs> extends Omit<
  TrainingJobArgs,
  OfJob | "inputs" | "outputs"
> {
  /** `commandStep` puts it in. */
  readonly kind: "command";
  /** As `TrainingJob`'s, and another step's output: `{ type: "uri_folder", from: prepare.outputs.data }`. Each is an input of the pipeline too, as `STEP_INPUT`. */
  readonly inputs?: Readonly<Record<string, StepInput>>;
  /** As `TrainingJob`'s, whose `type` TypeScript checks where another step reads it. None by default. */
  readonly outputs: Own;
  /** Whether a run of before with the same code, command, environment, variables and inputs may stand for the step: Azure ML's `is_deterministic`. True by default. */
  readonly reuse?: pulumi.Input<boolean>;
}

/** What `commandStep` takes. */
export type CommandStepArgs<Own extends Outputs = Outputs> = Omit<CommandStep<Own>, "kind" | "outputs"> & {
  readonly outputs?: Own;
};

/**
 * A step of a `Pipeline` that is a sweep, made by `sweepStep`; its `outputs` are the best trial's. It takes no environment variables, which a sweep node of Azure ML has not, and no `distribution`.
 */
export interface SweepStep<Own extends Outputs = Outputs> extends Omit<
  SweepJobArgs,
  OfJob | "inputs" | "outputs" | "environmentVariables" | "distribution"
> {
  /** `sweepStep` puts it in. */
  readonly kind: "sweep";
  /** As `commandStep`'s, of other names than those of `searchSpace`. */
  readonly inputs?: Readonly<Record<string, StepInput>>;
  /** As `commandStep`'s: each trial writes its own, and other steps read the best trial's. None by default. */
  readonly outputs: Own;
  /** Whether a run of before with the same code, command, environment, inputs and search may stand for the step: Azure ML's `is_deterministic`. True by default. */
  readonly reuse?: pulumi.Input<boolean>;
}

/** What `sweepStep` takes. */
export type SweepStepArgs<Own extends Outputs = Outputs> = Omit<SweepStep<Own>, "kind" | "outputs"> & {
  readonly outputs?: Own;
};

/** A step of a `Pipeline` that is a pipeline itself, made by `pipelineStep`. */
export interface NestedStep<Own extends Outputs = Outputs> {
  /** `pipelineStep` puts it in. */
  readonly kind: "pipeline";
  /** By name, as `Pipeline`'s. */
  readonly steps: Readonly<Record<string, PipelineStep>>;
  /** What they read from outside, as `STEP_INPUT`; `Pipeline` puts it in. */
  readonly inputs?: Readonly<Record<string, StepInput>>;
  /** What other steps read: each is one of the outputs of `steps`. None by default. */
  readonly outputs: Own;
  /** Which outputs of `steps` those are; `pipelineStep` puts it in. */
  readonly outputOf: Readonly<Record<string, StepOutput>>;
}

/** What `pipelineStep` takes. */
export interface NestedStepArgs<Own extends Outputs = Outputs> {
  /** By name, as `Pipeline`'s: what they run on, and all else of them, is part of the component. */
  readonly steps: Readonly<Record<string, PipelineStep>>;
  /** What other steps read: `{ model: train.outputs.model }`. None by default. */
  readonly outputs?: Own;
}

/** A step of a `Pipeline`, of whatever kind. */
export type PipelineStep = CommandStep | SweepStep | NestedStep;

/**
 * A step that runs a command, as `TrainingJob` does; it becomes a version of a component in the workspace. Its name is its key among the pipeline's `steps`.
 *
 * A step's `outputs` are given to the `inputs` of others; TypeScript refuses one of another type.
 */
export function commandStep<const Own extends Outputs = Record<never, never>>(
  args: CommandStepArgs<Own>,
): CommandStep<Own> {
  return { ...args, kind: "command", outputs: ownOutputs(args.outputs) };
}

/**
 * A step that is a sweep, as `SweepJob` is one; what it writes and has logged is the best trial's. It becomes a version of a component in the workspace whose inputs are the names of the
 * search space as well, and can be used without a sweep.
 */
export function sweepStep<const Own extends Outputs = Record<never, never>>(
  args: SweepStepArgs<Own>,
): SweepStep<Own> {
  return { ...args, kind: "sweep", outputs: ownOutputs(args.outputs) };
}

/**
 * A step that is a pipeline of its own steps, which read what they need of the steps outside; it becomes a version of a component in the workspace, and so does each of its steps.
 * `outputs` are those of its steps that others read.
 */
export function pipelineStep<const Own extends Outputs = Record<never, never>>({
  steps,
  outputs,
}: NestedStepArgs<Own>): NestedStep<Own> {
  // Where an output goes, the outermost pipeline that has it says.
  return { kind: "pipeline", steps, outputs: ownOutputs(outputs), outputOf: outputs ?? {} };
}

/** An output is known by what it is, not by what it says: no two steps have the same one. */
function ownOutputs<Own extends Outputs>(outputs: Own | undefined): Own {
  const own = Object.entries(outputs ?? {}).map(([name, output]) => [name, { ...output }] as const);
  return Object.fromEntries(own) as unknown as Own;
}
