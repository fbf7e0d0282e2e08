import { SweepJob, type SweepJobArgs, type TrainingJobArgs } from "../../components";
import { sweepJobRules } from "../../components/sweep-job-args";
import { sweepJobConstraints } from "../../components/sweep-job-constraints";
import { trialConstraints } from "../../components/training-job-constraints";
import { assetFixture } from "../helpers/asset-fixtures";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";
import type { RuleCase, RuleCases } from "../helpers/rule-cases";
import { trainingJob } from "./training-job";

const right: SweepJobArgs = {
  workspaceId: WORKSPACE_ID,
  command: "python score.py ${{search_space.rate}} ${{search_space.kernel}}",
  code: assetFixture("scoring"),
  environmentId: `${WORKSPACE_ID}/environments/sklearn/versions/3`,
  searchSpace: {
    rate: { type: "uniform", minValue: 0.1, maxValue: 1 },
    kernel: { type: "choice", values: ["rbf", "linear"] },
  },
  samplingAlgorithm: { kind: "Random" },
  objective: { primaryMetric: "accuracy", goal: "Maximize" },
  limits: { maxTotalTrials: 10 },
};
const { kernel } = right.searchSpace;
const grid: SweepJobArgs = {
  ...right,
  command: "python score.py ${{search_space.kernel}}",
  searchSpace: { kernel: { type: "choice", values: ["rbf"] } },
  samplingAlgorithm: { kind: "Grid" },
};
const bayesian: SweepJobArgs = { ...right, samplingAlgorithm: { kind: "Bayesian" } };
const bandit: SweepJobArgs = { ...right, earlyTermination: { kind: "Bandit", slackFactor: 0.1 } };

/** A wrong distribution of `rate`, beside `kernel`. */
function space(rule: string, rate: object, path: string, base = right): RuleCase<SweepJobArgs> {
  return { rule, right: base, wrong: { searchSpace: { rate, kernel } }, path: `searchSpace.rate${path}` };
}

function limits(key: string, value: number): RuleCase<SweepJobArgs> {
  const path = `limits.${key}`;
  return { rule: path, right, wrong: { limits: { maxTotalTrials: 10, [key]: value } }, path };
}

function policy(key: string, value: number, base: object): RuleCase<SweepJobArgs> {
  const path = `earlyTermination.${key}`;
  return { rule: path, right: bandit, wrong: { earlyTermination: { ...base, [key]: value } }, path };
}

/** Rules of any job that runs a command, as far as `TrainingJob` shows them. */
const SHARED = trialConstraints.map(({ id }) => id);

/** A case of `TrainingJob` with a search beside it. */
function searching({ rule, right: trial, wrong, path }: RuleCase<TrainingJobArgs>): RuleCase<SweepJobArgs> {
  const { searchSpace, samplingAlgorithm, objective, limits: few } = right;
  const searched = (command: unknown): string =>
    `${String(command)} \${{search_space.rate}} \${{search_space.kernel}}`;
  const command = searched(trial.command);
  return {
    rule,
    right: { ...trial, command, searchSpace, samplingAlgorithm, objective, limits: few },
    wrong: wrong.command === undefined ? wrong : { ...wrong, command: searched(wrong.command) },
    path,
  };
}

export const sweepJob: RuleCases<SweepJobArgs> = {
  component: "SweepJob",
  declare: (name, args) => new SweepJob(name, args),
  rules: sweepJobRules,
  constraints: sweepJobConstraints,
  cases: [
    space("searchSpace.*.values", { type: "choice", values: [] }, ".values"),
    space("searchSpace.*.upper", { type: "randint", upper: 0 }, ".upper"),
    space("searchSpace.*.sigma", { type: "normal", mu: 0, sigma: 0 }, ".sigma"),
    space("searchSpace.*.q", { type: "quniform", minValue: 0, maxValue: 1, q: 0.5 }, ".q"),
    {
      rule: "samplingAlgorithm.seed",
      right: { ...right, samplingAlgorithm: { kind: "Random", rule: "Sobol", seed: -7 } },
      wrong: { samplingAlgorithm: { kind: "Random", seed: 0.5 } },
      path: "samplingAlgorithm.seed",
    },
    {
      rule: "objective.primaryMetric",
      right,
      wrong: { objective: { primaryMetric: "", goal: "Maximize" } },
      path: "objective.primaryMetric",
    },
    policy("slackFactor", 0, { kind: "Bandit" }),
    policy("slackAmount", -1, { kind: "Bandit" }),
    policy("evaluationInterval", 0, { kind: "MedianStopping" }),
    policy("delayEvaluation", -1, { kind: "MedianStopping" }),
    policy("truncationPercentage", 100, { kind: "TruncationSelection" }),
    limits("maxTotalTrials", 1001),
    limits("maxConcurrentTrials", 0),
    limits("timeoutSeconds", 0),
    limits("trialTimeoutSeconds", -5),
    {
      rule: "sweep-job-binding-form",
      right,
      wrong: { command: "python score.py ${{search_space.rate}} ${{search_space.kernel}} ${{space.depth}}" },
      path: "command",
    },
    { rule: "sweep-job-search-space-empty", right, wrong: { searchSpace: {} }, path: "searchSpace" },
    {
      rule: "sweep-job-search-space-names",
      right,
      wrong: { searchSpace: { ...right.searchSpace, "a-rate": kernel } },
      path: "searchSpace.a-rate",
    },
    {
      rule: "sweep-job-search-space-undeclared",
      right,
      wrong: { searchSpace: { rate: right.searchSpace["rate"] } },
      path: "command",
    },
    {
      rule: "sweep-job-search-space-unused",
      right,
      wrong: { command: "python score.py ${{search_space.rate}}" },
      path: "searchSpace.kernel",
    },
    space("sweep-job-search-space-bounds", { type: "loguniform", minValue: -1, maxValue: -1 }, ".minValue"),
    {
      rule: "sweep-job-grid-choices",
      right: grid,
      wrong: { searchSpace: { kernel: { type: "randint", upper: 3 } } },
      path: "searchSpace.kernel.type",
    },
    space(
      "sweep-job-bayesian-distributions",
      { type: "loguniform", minValue: -3, maxValue: -1 },
      ".type",
      bayesian,
    ),
    {
      rule: "sweep-job-bayesian-termination",
      right: bayesian,
      wrong: { earlyTermination: { kind: "MedianStopping" } },
      path: "earlyTermination",
    },
    {
      rule: "sweep-job-bandit-slack",
      right: bandit,
      wrong: { earlyTermination: { kind: "Bandit", slackFactor: 0.1, slackAmount: 1 } },
      path: "earlyTermination.slackFactor",
    },
    {
      rule: "sweep-job-bandit-slack",
      right: bandit,
      wrong: { earlyTermination: { kind: "Bandit" } },
      path: "earlyTermination.slackFactor",
    },
    {
      rule: "sweep-job-concurrent-trials",
      right: { ...right, limits: { maxTotalTrials: 10, maxConcurrentTrials: 10 } },
      wrong: { limits: { maxTotalTrials: 10, maxConcurrentTrials: 11 } },
      path: "limits.maxConcurrentTrials",
    },
    ...trainingJob.cases.filter(({ rule }) => SHARED.includes(rule)).map(searching),
  ],
};
