import { TrainingJob, type TrainingJobArgs } from "../../components";
import { trainingJobRules } from "../../components/training-job-args";
import { trainingJobConstraints } from "../../components/training-job-constraints";
import { assetFixture } from "../helpers/asset-fixtures";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";
import type { RuleCase, RuleCases } from "../helpers/rule-cases";

const OTHER = WORKSPACE_ID.replace("mlw-test", "mlw-other");
const uri = "azureml://datastores/lake/paths/new/";
const right: TrainingJobArgs = {
  workspaceId: WORKSPACE_ID,
  command: "python score.py",
  code: assetFixture("scoring"),
  environmentId: `${WORKSPACE_ID}/environments/sklearn/versions/3`,
};
const own: TrainingJobArgs = {
  workspaceId: WORKSPACE_ID,
  command: "ls",
  environment: { image: "mcr.microsoft.com/azureml/base:1", condaFile: assetFixture("conda.yaml") },
};
const onCluster: TrainingJobArgs = { ...right, computeId: `${WORKSPACE_ID}/computes/cpu` };
const reading: TrainingJobArgs = { ...right, inputs: { data: { type: "uri_folder", uri } } };
const folder = { type: "uri_folder", path: assetFixture("table") } as const;
const local: TrainingJobArgs = { ...right, inputs: { data: folder } };

function input(
  rule: string,
  base: TrainingJobArgs,
  wrong: object,
  path = "inputs.data",
): RuleCase<TrainingJobArgs> {
  return { rule, right: base, wrong: { inputs: { data: wrong } }, path };
}

export const trainingJob: RuleCases<TrainingJobArgs> = {
  component: "TrainingJob",
  declare: (name, args) => new TrainingJob(name, args),
  rules: trainingJobRules,
  constraints: trainingJobConstraints,
  cases: [
    { rule: "command", right, wrong: { command: " " }, path: "command" },
    { rule: "environmentId", right, wrong: { environmentId: "sklearn" }, path: "environmentId" },
    input("inputs.*.uri", reading, { type: "uri_folder", uri: "s3://bucket/new" }, "inputs.data.uri"),
    {
      rule: "outputs.*.uri",
      right: { ...right, outputs: { model: { type: "uri_folder", uri } } },
      wrong: { outputs: { model: { type: "uri_folder", uri: "https://st.blob.core.windows.net/c/out" } } },
      path: "outputs.model.uri",
    },
    { rule: "instanceCount", right, wrong: { instanceCount: 0 }, path: "instanceCount" },
    {
      rule: "distribution.processCountPerInstance",
      right: { ...right, instanceCount: 2, distribution: { kind: "PyTorch" } },
      wrong: { distribution: { kind: "PyTorch", processCountPerInstance: 0 } },
      path: "distribution.processCountPerInstance",
    },
    {
      rule: "distribution.processCountPerInstance",
      right: { ...right, instanceCount: 2, distribution: { kind: "Mpi" } },
      wrong: { distribution: { kind: "Mpi", processCountPerInstance: 0 } },
      path: "distribution.processCountPerInstance",
    },
    {
      rule: "distribution.workerCount",
      right: { ...right, instanceCount: 2, distribution: { kind: "TensorFlow" } },
      wrong: { distribution: { kind: "TensorFlow", workerCount: 0 } },
      path: "distribution.workerCount",
    },
    {
      rule: "distribution.parameterServerCount",
      right: { ...right, instanceCount: 2, distribution: { kind: "TensorFlow", parameterServerCount: 0 } },
      wrong: { distribution: { kind: "TensorFlow", parameterServerCount: -1 } },
      path: "distribution.parameterServerCount",
    },
    {
      rule: "resources.shmSize",
      right: { ...right, resources: { shmSize: "512m" } },
      wrong: { resources: { shmSize: "0g" } },
      path: "resources.shmSize",
    },
    {
      rule: "limits.timeoutSeconds",
      right: { ...right, limits: { timeoutSeconds: 60 } },
      wrong: { limits: { timeoutSeconds: -60 } },
      path: "limits.timeoutSeconds",
    },
    { rule: "training-job-code-folder", right, wrong: { code: assetFixture("nowhere") }, path: "code" },
    { rule: "training-job-script-missing", right, wrong: { command: "python -u train.py" }, path: "command" },
    { rule: "training-job-script-missing", right, wrong: { code: undefined }, path: "code" },
    {
      rule: "training-job-binding-form",
      right: { ...right, command: "python score.py ${{ inputs.rate }}", inputs: { rate: 0.1 } },
      wrong: { command: "python score.py ${{inputs.rate}} ${{search_space.depth}}" },
      path: "command",
    },
    {
      rule: "training-job-input-undeclared",
      right: reading,
      wrong: { command: "python score.py ${{inputs.datta}}" },
      path: "command",
    },
    {
      rule: "training-job-output-undeclared",
      right: { ...right, outputs: { model: { type: "custom_model" } } },
      wrong: { command: "python score.py ${{outputs.modell}}" },
      path: "command",
    },
    {
      rule: "training-job-literal-unused",
      right: { ...right, command: "python score.py ${{inputs.rate}}", inputs: { rate: 0.1 } },
      wrong: { inputs: { rate: 0.1, depth: 3 } },
      path: "inputs.depth",
    },
    {
      rule: "training-job-names",
      right: reading,
      wrong: { inputs: { "the-data": { type: "uri_folder", uri } } },
      path: "inputs.the-data",
    },
    {
      rule: "training-job-output-default",
      right,
      wrong: { outputs: { default: { type: "uri_folder" } } },
      path: "outputs.default",
    },
    input("training-job-input-place", reading, { type: "uri_folder" }),
    input("training-job-input-place", reading, { ...folder, uri }),
    input(
      "training-job-input-signed",
      { ...right, inputs: { data: { type: "uri_file", uri: "https://st.blob.core.windows.net/c/a.csv" } } },
      { type: "uri_file", uri: "https://st.blob.core.windows.net/c/a.csv?sig=secret" },
      "inputs.data.uri",
    ),
    input("training-job-input-one-file", reading, { type: "uri_file", uri }, "inputs.data.uri"),
    input(
      "training-job-input-asset",
      {
        ...right,
        inputs: { data: { type: "mlflow_model", uri: `${WORKSPACE_ID}/models/churn/versions/7` } },
      },
      { type: "uri_folder", uri: `${WORKSPACE_ID}/models/churn/versions/7` },
      "inputs.data.uri",
    ),
    input(
      "training-job-input-elsewhere",
      { ...right, inputs: { data: { type: "uri_folder", uri: `${WORKSPACE_ID}/data/churn/versions/7` } } },
      { type: "uri_folder", uri: `${OTHER}/data/churn/versions/7` },
      "inputs.data.uri",
    ),
    input(
      "training-job-input-mode",
      { ...right, inputs: { data: { type: "mltable", uri, mode: "EvalMount" } } },
      { type: "uri_folder", uri, mode: "EvalMount" },
      "inputs.data.mode",
    ),
    input(
      "training-job-input-local",
      local,
      { ...folder, path: assetFixture("nowhere") },
      "inputs.data.path",
    ),
    input("training-job-input-kind", local, { ...folder, type: "uri_file" }, "inputs.data.path"),
    input("training-job-input-kind", local, { ...folder, type: "mlflow_model" }, "inputs.data.path"),
    input(
      "training-job-input-kind",
      { ...right, inputs: { data: { ...folder, type: "mltable" } } },
      { type: "mltable", path: assetFixture("scoring") },
      "inputs.data.path",
    ),
    {
      rule: "training-job-one-environment",
      right,
      wrong: { environment: own.environment },
      path: "environmentId",
    },
    {
      rule: "training-job-one-environment",
      right: own,
      wrong: { environment: undefined },
      path: "environmentId",
    },
    {
      rule: "training-job-environment",
      right: own,
      wrong: { environment: { ...own.environment, condaFile: assetFixture("nowhere.yaml") } },
      path: "environment.condaFile",
    },
    {
      rule: "training-job-environment-elsewhere",
      right,
      wrong: { environmentId: `${OTHER}/environments/sklearn/versions/3` },
      path: "environmentId",
    },
    {
      rule: "training-job-compute-elsewhere",
      right: onCluster,
      wrong: { computeId: `${OTHER}/computes/cpu` },
      path: "computeId",
    },
    {
      rule: "training-job-distribution-instances",
      right: { ...right, instanceCount: 2, distribution: { kind: "Mpi" } },
      wrong: { instanceCount: undefined },
      path: "instanceCount",
    },
    {
      rule: "training-job-tier-of-cluster",
      right: onCluster,
      wrong: { queueSettings: { jobTier: "Spot" } },
      path: "queueSettings.jobTier",
    },
    {
      rule: "training-job-serverless-size",
      right: { ...onCluster, resources: { instanceType: "large" } },
      wrong: { computeId: undefined },
      path: "resources.instanceType",
    },
  ],
};
