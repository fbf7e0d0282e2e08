import type {
  SweepDistribution,
  SweepEarlyTermination,
  SweepObjective,
  SweepSampling,
} from "../sweep-job/types";
import type {
  JobInputs,
  Told,
  TrainingDataType,
  TrainingDistribution,
  TrainingIdentity,
  TrainingResult,
} from "../training-job/types";

/** Where a step's input comes from: one of the pipeline's own inputs, or another step's output. */
export type StepBinding =
  | { readonly input: string; readonly mode?: string }
  | { readonly step: string; readonly output: string; readonly mode?: string };

/** What a step that is a sweep tries, and which trial is its best. */
export interface StepSearch {
  /** By the name of the component's input. */
  readonly searchSpace: Readonly<Record<string, SweepDistribution>>;
  readonly samplingAlgorithm: SweepSampling;
  readonly objective: SweepObjective;
  readonly earlyTermination?: SweepEarlyTermination;
  readonly maxTotalTrials: number;
}

/** What decides what a step does. */
export interface PipelineStepInputs {
  /** ARM id of the component's version. */
  readonly componentId: string;
  readonly environmentVariables?: Readonly<Record<string, string>>;
  readonly inputs?: Readonly<Record<string, StepBinding>>;
  /** Of a sweep alone, whose trials the component is. */
  readonly sweep?: StepSearch;
  /** Whether the component is a pipeline, whose steps say themselves what they run on. */
  readonly pipeline?: true;
}

/** What a step runs on, and where its outputs go. */
export interface StepSettings {
  /** ARM id; the pipeline's by default. */
  readonly computeId?: string;
  readonly instanceCount?: number;
  readonly resources?: {
    readonly instanceType?: string;
    readonly shmSize?: string;
    readonly dockerArgs?: string;
  };
  readonly distribution?: TrainingDistribution;
  readonly limits?: {
    readonly timeoutSeconds?: number;
    readonly maxConcurrentTrials?: number;
    readonly trialTimeoutSeconds?: number;
  };
  readonly queueSettings?: { readonly jobTier?: string };
  readonly identity?: TrainingIdentity;
  readonly outputs?: Readonly<Record<string, StepOutputPlace>>;
}

/** A step's output; one that is the pipeline's own goes where the pipeline says. */
export interface StepOutputPlace {
  readonly type: TrainingDataType;
  readonly mode?: string;
  readonly uri?: string;
  /** Name of the pipeline's output that it is. */
  readonly pipelineOutput?: string;
}

/** What the program declares of a pipeline; `outputs` are its own, each a step's. */
export interface PipelineInputs extends JobInputs {
  /** By name. */
  readonly steps: Readonly<Record<string, PipelineStepInputs>>;
  /** By the step's name. */
  readonly stepSettings: Readonly<Record<string, StepSettings>>;
  readonly continueOnStepFailure: boolean;
}

/** What a step has told so far. */
export interface StepResult extends TrainingResult {
  /** Whether a run of before stands for it; what it tells is then that one's. */
  readonly reused: boolean;
  /** Of a sweep the best trial's run, from which `metrics`, `params`, `runTags` and `models` are; undefined while there is none. */
  readonly bestRunId?: string;
}

/** What a pipeline has told so far. */
export interface PipelineResult extends Told {
  /** By the step's name; those that have no run yet are not there. */
  readonly stepRuns: Readonly<Record<string, StepResult>>;
  /** Address of each of the pipeline's outputs. */
  readonly outputUris: Readonly<Record<string, string>>;
}

/** What the state holds; the resource's id is the job's ARM id. */
export interface PipelineOutputs extends PipelineInputs, PipelineResult {}
