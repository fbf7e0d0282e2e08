import type * as pulumi from "@pulumi/pulumi";
import { integer, kindOf, number, objectOf, oneOf, optional, text, type Rules } from "../providers/rules";
import { searchSpaceRule, type SweepDistribution } from "./sweep-search-space";
import { trainingJobRules, type TrainingJobArgs, type TrainingLimits } from "./training-job-args";

/** Every combination of choices, in turn. */
export interface GridSampling {
  readonly kind: "Grid";
}

/** Values that don't depend on how other trials went. */
export interface RandomSampling {
  readonly kind: "Random";
  /** `Random`, or `Sobol`: a sequence that fills the space more evenly. `Random` by default, as Azure ML has it. */
  readonly rule?: pulumi.Input<"Random" | "Sobol">;
  /** Any whole number; the same draws the same values. By default each sweep draws others. */
  readonly seed?: pulumi.Input<number>;
}

/** Values chosen by how the trials before went: few at a time learn more. Azure ML advises at least 20 trials for each name of the search space. */
export interface BayesianSampling {
  readonly kind: "Bayesian";
}

/** How values are drawn from the search space. */
export type SweepSampling = GridSampling | RandomSampling | BayesianSampling;

/** What the trials are judged by. */
export interface SweepObjective {
  /** Name of the metric, exactly as the command logs it: `mlflow.log_metric("accuracy", value)`. */
  readonly primaryMetric: pulumi.Input<string>;
  /** `Maximize` or `Minimize`. */
  readonly goal: pulumi.Input<"Maximize" | "Minimize">;
}

/** When a policy is applied: each time that a trial logs the primary metric is an interval. */
export interface EvaluationTiming {
  /** Intervals from one evaluation to the next, from 1 on. 1 by default. */
  readonly evaluationInterval?: pulumi.Input<number>;
  /** Intervals before the first evaluation. 0 by default. */
  readonly delayEvaluation?: pulumi.Input<number>;
}

/** Ends a trial whose best metric is too far from the best trial's. One of `slackFactor` and `slackAmount`. */
export interface BanditTermination extends EvaluationTiming {
  readonly kind: "Bandit";
  /** Ratio of the distance that is allowed, above 0: with 0.2 and a best of 0.8 to maximize, what is below 0.8 / 1.2 is ended. */
  readonly slackFactor?: pulumi.Input<number>;
  /** The distance that is allowed, above 0: with 0.2 and a best of 0.8 to maximize, what is below 0.6 is ended. */
  readonly slackAmount?: pulumi.Input<number>;
}

/** Ends a trial whose best metric is worse than the median of all trials' running averages. */
export interface MedianStoppingTermination extends EvaluationTiming {
  readonly kind: "MedianStopping";
}

/** Ends the worst trials of each evaluation. */
export interface TruncationSelectionTermination extends EvaluationTiming {
  readonly kind: "TruncationSelection";
  /** Per cent of the trials that are ended, 1 to 99. */
  readonly truncationPercentage: pulumi.Input<number>;
}

/** When a trial that does badly is ended before it is through. */
export type SweepEarlyTermination =
  BanditTermination | MedianStoppingTermination | TruncationSelectionTermination;

export interface SweepLimits extends TrainingLimits {
  /** How many trials, 1 to 1000. A grid of fewer combinations has fewer. */
  readonly maxTotalTrials: pulumi.Input<number>;
  /** How many at a time, 1 to 1000; no more than the compute has machines for. As many as there are by default, as Azure ML has it. */
  readonly maxConcurrentTrials?: pulumi.Input<number>;
  /** Seconds that the whole sweep may run, from 1 on; Azure ML then cancels it with its trials. 5 184 000 (60 days) by default, as Azure ML has it. */
  readonly timeoutSeconds?: pulumi.Input<number>;
  /** Seconds that each trial may run, from 1 on; Azure ML then cancels it. No limit by default. */
  readonly trialTimeoutSeconds?: pulumi.Input<number>;
}

/**
 * What each trial runs, as `TrainingJob` takes it, and what is tried. Another command, code, environment, input, search space, sampling, objective, policy or number of trials makes
 * another sweep.
 */
export interface SweepJobArgs extends TrainingJobArgs {
  /** What each trial runs, in a shell in the code's folder: `python train.py --data ${{inputs.data}} --rate ${{search_space.rate}}`. */
  readonly command: pulumi.Input<string>;
  /** What is tried, by a name that the command has as `${{search_space.NAME}}`: letters, digits and underscores, no digit first. */
  readonly searchSpace: Readonly<Record<string, SweepDistribution>>;
  /** How values are drawn. */
  readonly samplingAlgorithm: SweepSampling;
  /** Which trial is the best. */
  readonly objective: SweepObjective;
  /** When a trial that does badly is ended. By default all run to their end. */
  readonly earlyTermination?: SweepEarlyTermination;
  /** How many trials there are, and how long they may take. */
  readonly limits: SweepLimits;
}

const SWEEP = "docs:reference-yaml-job-sweep";
const TUNE = "docs:how-to-tune-hyperparameters";
const MODELS = "models 2025-12-01";
const MOST = 2_147_483_647;

const trials = integer(1, 1000, `${TUNE}: limits are between 1 and 1000`);
const seconds = integer(1, MOST, `${MODELS}, SweepJobLimits: whole seconds`);
const timing = {
  evaluationInterval: optional(integer(1, MOST, `${SWEEP}: the frequency for applying the policy`)),
  delayEvaluation: optional(integer(0, MOST, `${SWEEP}: the number of intervals of delay`)),
};
const slack = optional(number({ above: 0, source: `${SWEEP}: the distance allowed from the best trial` }));

export const sweepJobRules: Rules<SweepJobArgs> = {
  ...trainingJobRules,
  searchSpace: searchSpaceRule,
  samplingAlgorithm: kindOf("kind", {
    Grid: {},
    Random: {
      rule: optional(oneOf("Random", "Sobol")),
      seed: optional(integer(-MOST - 1, MOST, `${MODELS}, RandomSamplingAlgorithm: seed is an integer`)),
    },
    Bayesian: {},
  }),
  objective: objectOf<SweepObjective>({
    primaryMetric: text("the name of a metric", /\S/, `${MODELS}, Objective: primaryMetric is required`),
    goal: oneOf("Maximize", "Minimize"),
  }),
  earlyTermination: optional(
    kindOf("kind", {
      Bandit: { slackFactor: slack, slackAmount: slack, ...timing },
      MedianStopping: timing,
      TruncationSelection: {
        truncationPercentage: integer(1, 99, `${TUNE}: an integer value between 1 and 99`),
        ...timing,
      },
    }),
  ),
  limits: objectOf<SweepLimits>({
    maxTotalTrials: trials,
    maxConcurrentTrials: optional(trials),
    timeoutSeconds: optional(seconds),
    trialTimeoutSeconds: optional(seconds),
  }),
};
