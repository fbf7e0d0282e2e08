import type { Problem } from "../providers/rules";
import { isKnown, type Constraint, type Known } from "./args";
import type { SweepJobArgs } from "./sweep-job-args";
import type { SweepDistribution } from "./sweep-search-space";
import { bindingForm, bindingsIn, NAME } from "./training-job-bindings";
import { trialConstraints } from "./training-job-constraints";

const SWEEP = "docs:reference-yaml-job-sweep";
const TUNE = "docs:how-to-tune-hyperparameters";

/** Distributions that Bayesian sampling knows. */
const BAYESIAN: readonly string[] = ["choice", "uniform", "quniform"];

export const sweepJobConstraints: readonly Constraint<SweepJobArgs>[] = [
  ...trialConstraints,
  bindingForm("sweep-job-binding-form", ["inputs", "outputs", "search_space"]),
  {
    id: "sweep-job-search-space-empty",
    source: `${SWEEP}: search_space is required`,
    problems: ({ searchSpace }) =>
      namesIn(searchSpace)?.length === 0
        ? [{ path: "searchSpace", value: searchSpace, reason: "it must have a name at least" }]
        : [],
  },
  {
    id: "sweep-job-search-space-names",
    source: "azure-ai-ml, SweepJob: validate_key_contains_allowed_characters",
    problems: ({ searchSpace }) =>
      (namesIn(searchSpace) ?? [])
        .filter((name) => !NAME.test(name))
        .map((name) => ({
          path: `searchSpace.${name}`,
          value: name,
          reason: "its name must be letters, digits and underscores, no digit first",
        })),
  },
  {
    id: "sweep-job-search-space-undeclared",
    source: `${SWEEP}: \${{search_space.NAME}} is a hyperparameter of the search space`,
    problems: ({ command, searchSpace }) => {
      const names = namesIn(searchSpace);
      if (names === undefined) return [];
      return searched(command)
        .filter(({ name }) => !names.includes(name))
        .map(({ text }) => ({
          path: "command",
          value: command,
          reason: `${text} must be declared in searchSpace; there are ${names.join(", ") || "none"}`,
        }));
    },
  },
  {
    id: "sweep-job-search-space-unused",
    source: `${SWEEP}: the command has the search space's values as \${{search_space.NAME}}`,
    problems: ({ command, searchSpace }) => {
      if (typeof command !== "string") return [];
      const used = searched(command).map(({ name }) => name);
      return (namesIn(searchSpace) ?? [])
        .filter((name) => !used.includes(name))
        .map((name) => ({
          path: `searchSpace.${name}`,
          value: name,
          reason: `the command must have it as \${{search_space.${name}}}, or trials differ in nothing`,
        }));
    },
  },
  ofDistributions(
    "sweep-job-search-space-bounds",
    `${SWEEP}: minimum and maximum of the range`,
    (distribution, path) => {
      if (!("minValue" in distribution)) return [];
      const { minValue, maxValue } = distribution;
      return typeof minValue === "number" && typeof maxValue === "number" && minValue >= maxValue
        ? [{ path: `${path}.minValue`, value: minValue, reason: `it must be below maxValue, ${maxValue}` }]
        : [];
    },
  ),
  ofDistributions(
    "sweep-job-grid-choices",
    `${TUNE}: grid sampling can only be used with choice`,
    ({ type }, path, { samplingAlgorithm }) =>
      kindOfSampling(samplingAlgorithm) === "Grid" && type !== "choice"
        ? [{ path: `${path}.type`, value: type, reason: "it must be choice with samplingAlgorithm Grid" }]
        : [],
  ),
  ofDistributions(
    "sweep-job-bayesian-distributions",
    `${TUNE}: Bayesian sampling supports choice, uniform and quniform`,
    ({ type }, path, { samplingAlgorithm }) =>
      kindOfSampling(samplingAlgorithm) === "Bayesian" && !BAYESIAN.includes(type)
        ? [
            {
              path: `${path}.type`,
              value: type,
              reason: "it must be choice, uniform or quniform with samplingAlgorithm Bayesian",
            },
          ]
        : [],
  ),
  {
    id: "sweep-job-bayesian-termination",
    source:
      "docs:azureml.train.hyperdrive.BayesianParameterSampling: it supports no early termination policy",
    problems: ({ samplingAlgorithm, earlyTermination }) =>
      kindOfSampling(samplingAlgorithm) === "Bayesian" && earlyTermination !== undefined
        ? [
            {
              path: "earlyTermination",
              value: earlyTermination,
              reason: "it must be left out with samplingAlgorithm Bayesian, which learns from whole trials",
            },
          ]
        : [],
  },
  {
    id: "sweep-job-bandit-slack",
    source: `${SWEEP}: one of slack_factor and slack_amount is required`,
    problems: ({ earlyTermination: policy }) =>
      typeof policy === "object" &&
      policy.kind === "Bandit" &&
      (policy.slackFactor === undefined) === (policy.slackAmount === undefined)
        ? [
            {
              path: "earlyTermination.slackFactor",
              value: policy.slackFactor,
              reason: "it must be given, or else slackAmount, and not both",
            },
          ]
        : [],
  },
  {
    id: "sweep-job-concurrent-trials",
    source: `${TUNE}: of max_total_trials trials so many run concurrently`,
    problems: ({ limits }) => {
      if (typeof limits !== "object") return [];
      const { maxTotalTrials, maxConcurrentTrials } = limits;
      return typeof maxTotalTrials === "number" &&
        typeof maxConcurrentTrials === "number" &&
        maxConcurrentTrials > maxTotalTrials
        ? [
            {
              path: "limits.maxConcurrentTrials",
              value: maxConcurrentTrials,
              reason: `it must be at most maxTotalTrials, ${maxTotalTrials}`,
            },
          ]
        : [];
    },
  },
];

type Args = Known<SweepJobArgs>;

/** A rule of each distribution, apart from the others. */
function ofDistributions(
  id: string,
  source: string,
  problemsOf: (distribution: Known<SweepDistribution>, path: string, args: Args) => readonly Problem[],
): Constraint<SweepJobArgs> {
  return {
    id,
    source,
    problems: (args) =>
      Object.entries(namesIn(args.searchSpace) === undefined ? {} : args.searchSpace).flatMap(
        ([name, distribution]) =>
          isKnown(distribution) ? problemsOf(distribution, `searchSpace.${name}`, args) : [],
      ),
  };
}

/** Undefined while the search space is not known. */
function namesIn(searchSpace: Args["searchSpace"]): readonly string[] | undefined {
  return typeof searchSpace === "object" ? Object.keys(searchSpace) : undefined;
}

function kindOfSampling(sampling: Args["samplingAlgorithm"]): string | undefined {
  return typeof sampling === "object" ? sampling.kind : undefined;
}

function searched(command: Args["command"]): ReturnType<typeof bindingsIn> {
  return typeof command === "string" ? bindingsIn(command).filter(({ kind }) => kind === "search_space") : [];
}
