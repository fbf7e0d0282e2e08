import type { CommandInputs, Told } from "../training-job/types";

/** What a value is drawn from; `type` is ARM's word. */
export type SweepDistribution =
  | { readonly type: "choice"; readonly values: readonly (string | number | boolean)[] }
  | { readonly type: "randint"; readonly upper: number }
  | { readonly type: "uniform" | "loguniform"; readonly minValue: number; readonly maxValue: number }
  | {
      readonly type: "quniform" | "qloguniform";
      readonly minValue: number;
      readonly maxValue: number;
      readonly q: number;
    }
  | { readonly type: "normal" | "lognormal"; readonly mu: number; readonly sigma: number }
  | {
      readonly type: "qnormal" | "qlognormal";
      readonly mu: number;
      readonly sigma: number;
      readonly q: number;
    };

/** How values are drawn; `kind` is ARM's word. */
export type SweepSampling =
  | { readonly kind: "Grid" }
  | { readonly kind: "Random"; readonly rule?: "Random" | "Sobol"; readonly seed?: number }
  | { readonly kind: "Bayesian" };

interface EvaluationTiming {
  readonly evaluationInterval?: number;
  readonly delayEvaluation?: number;
}

/** When a trial is ended early; `kind` is ARM's word. */
export type SweepEarlyTermination = EvaluationTiming &
  (
    | { readonly kind: "Bandit"; readonly slackFactor?: number; readonly slackAmount?: number }
    | { readonly kind: "MedianStopping" }
    | { readonly kind: "TruncationSelection"; readonly truncationPercentage: number }
  );

/** What the trials are judged by. */
export interface SweepObjective {
  readonly primaryMetric: string;
  readonly goal: "Maximize" | "Minimize";
}

/** What the program declares of a sweep: of its command, and of what is tried. */
export interface SweepJobInputs extends CommandInputs {
  readonly searchSpace: Readonly<Record<string, SweepDistribution>>;
  readonly samplingAlgorithm: SweepSampling;
  readonly objective: SweepObjective;
  readonly earlyTermination?: SweepEarlyTermination;
  readonly maxTotalTrials: number;
  readonly maxConcurrentTrials?: number;
  readonly timeoutSeconds?: number;
  readonly trialTimeoutSeconds?: number;
}

/** What a sweep has told so far. */
export interface SweepResult extends Told {
  /** Trials that there were. */
  readonly trials: number;
  /** Of the best trial; undefined while there is none. */
  readonly bestRunId?: string;
  /** The best trial's, the last value of each. */
  readonly metrics: Readonly<Record<string, number>>;
  /** What the best trial's run logged. */
  readonly params: Readonly<Record<string, string>>;
  /** Address of each declared output of the best trial. */
  readonly outputUris: Readonly<Record<string, string>>;
  /** Address of each model that the best trial logged, `runs:/RUN/PATH`, by its path. */
  readonly models: Readonly<Record<string, string>>;
}

/** What the state holds; the resource's id is the job's ARM id. */
export interface SweepJobOutputs extends SweepJobInputs, SweepResult {}
