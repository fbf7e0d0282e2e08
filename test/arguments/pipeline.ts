import { commandStep, Pipeline, pipelineStep, sweepStep, type PipelineArgs } from "../../components";
import { pipelineRules } from "../../components/pipeline-args";
import type { ArgumentCases } from "../helpers/argument-cases";
import { assetFixture } from "../helpers/asset-fixtures";
import { IDENTITY_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";

const environmentId = `${WORKSPACE_ID}/environments/sklearn/versions/3`;
const image = "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20250601.v1";
const WAITING = "decides what `up` does, not the job: test/unit/training-job.test.ts";

const prepare = commandStep({
  command: "python score.py ${{inputs.raw}} ${{inputs.share}} ${{outputs.train}} ${{outputs.test}}",
  code: assetFixture("scoring"),
  environmentId,
  environmentVariables: { LOG_LEVEL: "warning" },
  inputs: {
    raw: { type: "uri_folder", uri: "azureml://datastores/lake/paths/new/", mode: "Download" },
    share: 0.2,
  },
  outputs: {
    train: { type: "uri_folder" },
    test: { type: "uri_folder", mode: "Upload" },
    report: { type: "uri_file", mode: "Upload", uri: "azureml://datastores/lake/paths/reports/a.json" },
  },
  computeId: `${WORKSPACE_ID}/computes/gpu`,
  instanceCount: 2,
  distribution: { kind: "PyTorch", processCountPerInstance: 4 },
  resources: { instanceType: "large", shmSize: "8g", dockerArgs: "--cap-add SYS_PTRACE" },
  limits: { timeoutSeconds: 3600 },
  identity: { kind: "Managed", identityId: IDENTITY_ID },
  reuse: false,
});
const train = commandStep({
  command: "python score.py ${{inputs.data}} ${{outputs.model}}",
  code: assetFixture("other-scoring"),
  environment: { image, condaFile: assetFixture("conda.yaml") },
  inputs: {
    data: { type: "uri_folder", from: prepare.outputs.train, mode: "Download" },
    test: { type: "uri_folder", from: prepare.outputs.test },
    table: { type: "mltable", path: assetFixture("table"), mode: "EvalMount" },
  },
  outputs: { model: { type: "mlflow_model" } },
});
const other = commandStep({
  command: "ls",
  environment: { build: { path: assetFixture("other-image") } },
  instanceCount: 1,
  distribution: { kind: "Mpi", processCountPerInstance: 1 },
  resources: { instanceType: "Standard_DS3_v2" },
  inputs: { before: { type: "custom_model", path: assetFixture("other-image") } },
  outputs: { table: { type: "uri_file" } },
  queueSettings: { jobTier: "Spot" },
  identity: { kind: "UserIdentity" },
});
const tensors = commandStep({
  command: "python main.py",
  code: assetFixture("scoring", "nested"),
  environment: { build: { path: assetFixture("image"), dockerfile: "gpu.Dockerfile" } },
  instanceCount: 3,
  distribution: { kind: "TensorFlow", workerCount: 2, parameterServerCount: 1 },
  queueSettings: { jobTier: "Standard" },
});

const search = sweepStep({
  command:
    "python score.py ${{inputs.raw}} ${{search_space.rate}} ${{search_space.depth}} ${{outputs.model}}",
  code: assetFixture("scoring"),
  environmentId,
  inputs: { raw: { type: "uri_folder", uri: "azureml://datastores/lake/paths/new/", mode: "Download" } },
  outputs: { model: { type: "mlflow_model", mode: "Upload" } },
  searchSpace: {
    rate: { type: "loguniform", minValue: -7, maxValue: -1 },
    depth: { type: "choice", values: [2, 4] },
  },
  samplingAlgorithm: { kind: "Random", rule: "Sobol", seed: 7 },
  objective: { primaryMetric: "accuracy", goal: "Maximize" },
  earlyTermination: { kind: "Bandit", slackFactor: 0.2, evaluationInterval: 2, delayEvaluation: 4 },
  limits: { maxTotalTrials: 8, maxConcurrentTrials: 2, timeoutSeconds: 3600, trialTimeoutSeconds: 600 },
  computeId: `${WORKSPACE_ID}/computes/gpu`,
  instanceCount: 2,
  resources: { instanceType: "large", shmSize: "8g", dockerArgs: "--cap-add SYS_PTRACE" },
  identity: { kind: "UserIdentity" },
  reuse: false,
});
const grid = sweepStep({
  command:
    "ls ${{search_space.u}} ${{search_space.qu}} ${{search_space.n}} ${{search_space.qn}} ${{search_space.r}}",
  environment: { image, condaFile: assetFixture("conda.yaml") },
  searchSpace: {
    u: { type: "uniform", minValue: 1, maxValue: 2 },
    qu: { type: "quniform", minValue: 1, maxValue: 2, q: 1 },
    n: { type: "normal", mu: 1, sigma: 2 },
    qn: { type: "qlognormal", mu: 1, sigma: 2, q: 3 },
    r: { type: "randint", upper: 9 },
  },
  samplingAlgorithm: { kind: "Random" },
  objective: { primaryMetric: "loss", goal: "Minimize" },
  earlyTermination: { kind: "TruncationSelection", truncationPercentage: 20 },
  limits: { maxTotalTrials: 8 },
  queueSettings: { jobTier: "Spot" },
});

const choices = sweepStep({
  command: "ls ${{search_space.n}}",
  environmentId,
  searchSpace: { n: { type: "choice", values: ["a", "b"] } },
  samplingAlgorithm: { kind: "Grid" },
  objective: { primaryMetric: "loss", goal: "Minimize" },
  earlyTermination: { kind: "Bandit", slackAmount: 0.1 },
  limits: { maxTotalTrials: 2 },
});

const first = commandStep({
  command: "ls ${{outputs.rows}}",
  environmentId,
  outputs: { rows: { type: "uri_folder" } },
});
const second = commandStep({
  command: "ls ${{inputs.rows}} ${{inputs.raw}} ${{inputs.share}}",
  environmentId,
  inputs: {
    rows: { type: "uri_folder", from: first.outputs.rows },
    raw: { type: "uri_folder", from: prepare.outputs.train, mode: "Download" },
    share: 0.2,
  },
  outputs: { model: { type: "mlflow_model" } },
});
const nested = pipelineStep({ steps: { first, second }, outputs: { model: second.outputs.model } });
const third = commandStep({ command: "ls", environmentId });
const larger = pipelineStep({ steps: { first, second, third }, outputs: { model: second.outputs.model } });

export const pipeline: ArgumentCases<PipelineArgs> = {
  component: "Pipeline",
  rules: pipelineRules,
  declare: (name, args) => new Pipeline(name, args),
  cases: [
    {
      workspaceId: WORKSPACE_ID,
      steps: { prepare, train },
      outputs: { model: train.outputs.model },
      computeId: `${WORKSPACE_ID}/computes/cpu`,
      continueOnStepFailure: true,
      experimentName: "churn",
      displayName: "Churn of January",
      description: "Learns who leaves",
      tags: { team: "risk" },
      rerun: "2026-01-31",
      wait: false,
      deadlineSeconds: 600,
      onDestroy: "leave",
    },
    { workspaceId: WORKSPACE_ID, steps: { search, grid, choices } },
    {
      workspaceId: WORKSPACE_ID,
      steps: { prepare, nested, larger },
      outputs: { model: nested.outputs.model },
    },
    { workspaceId: WORKSPACE_ID, steps: { other, tensors }, outputs: { table: other.outputs.table } },
  ],
  exempt: {
    "steps.*.kind": "no two kinds of steps take the same: test/unit/pipeline.test.ts has each",
    "steps.*.earlyTermination.kind": "no two policies take the same: test/unit/sweep-job.test.ts has each",
    wait: WAITING,
    deadlineSeconds: WAITING,
    onDestroy: WAITING,
  },
};
