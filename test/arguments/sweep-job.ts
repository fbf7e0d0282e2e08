import { SweepJob, type SweepJobArgs } from "../../components";
import { sweepJobRules } from "../../components/sweep-job-args";
import type { ArgumentCases } from "../helpers/argument-cases";
import { assetFixture } from "../helpers/asset-fixtures";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";
import { trainingJob } from "./training-job";

const environmentId = `${WORKSPACE_ID}/environments/sklearn/versions/3`;
const small = {
  workspaceId: WORKSPACE_ID,
  environmentId,
  objective: { primaryMetric: "loss", goal: "Minimize" },
} as const;

/** What a trial has of its own is `TrainingJob`'s, with a search in addition. */
export const sweepJob: ArgumentCases<SweepJobArgs> = {
  component: "SweepJob",
  rules: sweepJobRules,
  declare: (name, args) => new SweepJob(name, args),
  cases: [
    ...trainingJob.cases.map((trial, index): SweepJobArgs => {
      const names = ["a", "b", "c", "d", "e"].map((name) => `\${{search_space.${name}}}`).join(" ");
      return {
        ...trial,
        command: `${String(trial.command)} ${names}`,
        searchSpace: {
          a: { type: "choice", values: ["rbf", 1, true] },
          b: { type: "uniform", minValue: index, maxValue: index + 1 },
          c: { type: "quniform", minValue: 1, maxValue: 64, q: 8 },
          d: { type: "normal", mu: index, sigma: index + 2 },
          e: { type: "qlognormal", mu: 0, sigma: 1, q: index + 1 },
        },
        samplingAlgorithm: { kind: "Random", rule: index === 0 ? "Random" : "Sobol", seed: 7 + index },
        objective: { primaryMetric: `accuracy-${index}`, goal: index === 0 ? "Maximize" : "Minimize" },
        earlyTermination:
          index === 0
            ? { kind: "Bandit", slackFactor: 0.1, evaluationInterval: 2, delayEvaluation: 5 }
            : { kind: "Bandit", slackAmount: index / 2, evaluationInterval: 1, delayEvaluation: 0 },
        limits: {
          maxTotalTrials: 20 + index,
          maxConcurrentTrials: 4 + index,
          timeoutSeconds: 3600 + index,
          trialTimeoutSeconds: 60 + index,
        },
      };
    }),
    {
      ...small,
      command: "python score.py ${{search_space.rate}} ${{search_space.depth}} ${{search_space.size}}",
      code: assetFixture("scoring"),
      searchSpace: {
        rate: { type: "loguniform", minValue: -6, maxValue: -1 },
        depth: { type: "randint", upper: 9 },
        size: { type: "qloguniform", minValue: 0, maxValue: 5, q: 2 },
      },
      samplingAlgorithm: { kind: "Random" },
      earlyTermination: { kind: "TruncationSelection", truncationPercentage: 20 },
      limits: { maxTotalTrials: 2 },
    },
    {
      ...small,
      command: "ls ${{search_space.rate}} ${{search_space.depth}}",
      searchSpace: {
        rate: { type: "lognormal", mu: 0, sigma: 1 },
        depth: { type: "qnormal", mu: 6, sigma: 2, q: 1 },
      },
      samplingAlgorithm: { kind: "Random" },
      earlyTermination: { kind: "TruncationSelection", truncationPercentage: 30 },
      limits: { maxTotalTrials: 3 },
    },
    {
      ...small,
      command: "ls ${{search_space.n}}",
      searchSpace: { n: { type: "choice", values: [1, 2] } },
      samplingAlgorithm: { kind: "Grid" },
      earlyTermination: { kind: "MedianStopping" },
      limits: { maxTotalTrials: 3 },
    },
    {
      ...small,
      command: "ls ${{search_space.n}}",
      searchSpace: { n: { type: "randint", upper: 10 } },
      samplingAlgorithm: { kind: "Random" },
      limits: { maxTotalTrials: 3 },
    },
    {
      ...small,
      command: "ls ${{search_space.n}}",
      searchSpace: { n: { type: "uniform", minValue: 0, maxValue: 1 } },
      samplingAlgorithm: { kind: "Bayesian" },
      limits: { maxTotalTrials: 3 },
    },
  ],
  exempt: {
    ...trainingJob.exempt,
    "earlyTermination.kind": "no two policies take the same: test/unit/sweep-job.test.ts has each",
  },
};
