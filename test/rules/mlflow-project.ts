import { join } from "node:path";
import { MlflowProject, type MlflowProjectArgs } from "../../components";
import { mlflowProjectRules } from "../../components/mlflow-project-args";
import { mlflowProjectConstraints } from "../../components/mlflow-project-constraints";
import { LATER } from "../../providers/rules";
import { packageRoot } from "../../tools/paths";
import { assetFixture } from "../helpers/asset-fixtures";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";
import type { RuleCase, RuleCases } from "../helpers/rule-cases";

const OTHER = WORKSPACE_ID.replace("mlw-test", "mlw-other");
const project = (name: string): string => join(packageRoot(), "examples", "mlflow-projects", name);
const right: MlflowProjectArgs = {
  workspaceId: WORKSPACE_ID,
  uri: project("readings"),
  parameters: { above: 1.5 },
};
const bare: MlflowProjectArgs = {
  workspaceId: WORKSPACE_ID,
  uri: assetFixture("scoring"),
  entryPoint: "score.py",
  environmentId: `${WORKSPACE_ID}/environments/sklearn/versions/3`,
};

function parameters(
  rule: string,
  wrong: MlflowProjectArgs["parameters"],
  path = "parameters",
): RuleCase<MlflowProjectArgs> {
  return { rule, right, wrong: { parameters: { above: 1.5, ...wrong } }, path };
}

export const mlflowProject: RuleCases<MlflowProjectArgs> = {
  component: "MlflowProject",
  declare: (name, args) => new MlflowProject(name, args),
  rules: mlflowProjectRules,
  constraints: mlflowProjectConstraints,
  cases: [
    { rule: "version", right, wrong: { version: "a branch" }, path: "version" },
    { rule: "mlflow-project-place", right, wrong: { uri: project("nowhere") }, path: "uri" },
    { rule: "mlflow-project-place", right, wrong: { uri: `${project(".")}#nowhere` }, path: "uri" },
    { rule: "mlflow-project-place", right, wrong: { uri: "https://example.com/project.zip" }, path: "uri" },
    {
      rule: "mlflow-project-file",
      right,
      wrong: { uri: assetFixture("projects", "docker") },
      path: "uri",
    },
    { rule: "mlflow-project-entry-point", right, wrong: { entryPoint: "validate" }, path: "entryPoint" },
    {
      rule: "mlflow-project-entry-point",
      right: bare,
      wrong: { entryPoint: "train.py" },
      path: "entryPoint",
    },
    { rule: "mlflow-project-parameters", right, wrong: { parameters: {} }, path: "parameters" },
    parameters("mlflow-project-parameters", { above: "much" }),
    parameters("mlflow-project-parameters", { data: "data/other.csv" }),
    parameters("mlflow-project-parameters", { data: "s3://bucket/readings.csv" }),
    parameters("mlflow-project-parameters", {
      above: { type: "uri_file", path: assetFixture("conda.yaml") },
    }),
    {
      rule: "mlflow-project-late-path",
      right,
      wrong: { parameters: { above: 1.5, data: LATER } },
      path: "parameters.data",
    },
    parameters(
      "mlflow-project-parameter-files",
      { data: { type: "uri_file", path: assetFixture("table") } },
      "parameters.data.path",
    ),
    parameters(
      "mlflow-project-parameter-files",
      { data: "https://st.blob.core.windows.net/c/a.csv?sig=secret" },
      "parameters.data.uri",
    ),
    {
      rule: "mlflow-project-environment",
      right: bare,
      wrong: { environmentId: undefined },
      path: "environmentId",
    },
    {
      rule: "mlflow-project-environment",
      right: bare,
      wrong: { environment: { image: "mcr.microsoft.com/azureml/base:1" } },
      path: "environmentId",
    },
    {
      rule: "mlflow-project-image",
      right: bare,
      wrong: { image: "mcr.microsoft.com/azureml/base:1" },
      path: "image",
    },
    {
      rule: "training-job-environment",
      right,
      wrong: {
        environment: { image: "mcr.microsoft.com/azureml/base:1", condaFile: assetFixture("nowhere.yaml") },
      },
      path: "environment.condaFile",
    },
    {
      rule: "training-job-distribution-instances",
      right: { ...right, instanceCount: 2, distribution: { kind: "Mpi" } },
      wrong: { instanceCount: undefined },
      path: "instanceCount",
    },
    {
      rule: "training-job-tier-of-cluster",
      right: { ...right, computeId: `${WORKSPACE_ID}/computes/cpu` },
      wrong: { queueSettings: { jobTier: "Spot" } },
      path: "queueSettings.jobTier",
    },
    {
      rule: "training-job-serverless-size",
      right,
      wrong: { resources: { instanceType: "large" } },
      path: "resources.instanceType",
    },
    {
      rule: "training-job-environment-elsewhere",
      right: bare,
      wrong: { environmentId: `${OTHER}/environments/sklearn/versions/3` },
      path: "environmentId",
    },
    {
      rule: "training-job-compute-elsewhere",
      right: { ...right, computeId: `${WORKSPACE_ID}/computes/cpu` },
      wrong: { computeId: `${OTHER}/computes/cpu` },
      path: "computeId",
    },
  ],
};
