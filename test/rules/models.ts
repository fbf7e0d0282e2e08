import { CustomModel, type CustomModelArgs, MlflowModel, type MlflowModelArgs } from "../../components";
import { customModelConstraints, customModelRules } from "../../components/custom-model";
import { mlflowModelConstraints, mlflowModelRules } from "../../components/mlflow-model";
import { REGISTRY_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";
import type { RuleCase, RuleCases } from "../helpers/rule-cases";

const right = {
  workspaceId: WORKSPACE_ID,
  modelName: "churn",
  source: "azureml://jobs/quiet_river/outputs/model",
};

const onServer = { ...right, workspaceId: undefined, source: "runs:/4f/model" };
const databricks = { trackingUri: "https://adb-1234567890123456.7.azuredatabricks.net" };

const accept = {
  runMetrics: [{ metric: "accuracy", min: 0.9, maxDrop: 0 }],
  endpointId: `${WORKSPACE_ID}/onlineEndpoints/churn`,
};

const cases: readonly RuleCase<MlflowModelArgs & CustomModelArgs>[] = [
  { rule: "modelName", right, wrong: { modelName: "churn model" }, path: "modelName" },
  { rule: "aliases.*", right, wrong: { aliases: ["latest"] }, path: "aliases.0" },
  { rule: "model-one-target", right, wrong: { registryId: REGISTRY_ID }, path: "registryId" },
  { rule: "model-one-target", right, wrong: { workspaceId: undefined }, path: "workspaceId" },
  {
    rule: "model-server-target",
    right: { ...onServer, server: databricks },
    wrong: { modelName: "main.risk.churn" },
    path: "server.trackingUri",
  },
  {
    rule: "model-server-target",
    right: { ...onServer, server: databricks },
    wrong: { server: { trackingUri: "https://1.2.gcp.databricks.com" } },
    path: "server.trackingUri",
  },
  { rule: "model-one-source", right, wrong: { path: "model" }, path: "source" },
  { rule: "model-one-source", right, wrong: { source: undefined }, path: "path" },
  { rule: "model-source-address", right, wrong: { source: "s3://bucket/model" }, path: "source" },
];

export const mlflowModel: RuleCases<MlflowModelArgs> = {
  component: "MlflowModel",
  declare: (name, args) => new MlflowModel(name, args),
  rules: mlflowModelRules,
  constraints: mlflowModelConstraints,
  cases: [
    ...cases,
    {
      rule: "model-accept-limits",
      right: { ...right, accept },
      wrong: { accept: { ...accept, runMetrics: [...accept.runMetrics, { metric: "f1" }] } },
      path: "accept.runMetrics.1",
    },
    {
      rule: "model-accept-endpoint",
      right: { ...right, accept },
      wrong: { accept: { runMetrics: accept.runMetrics } },
      path: "accept.endpointId",
    },
    {
      rule: "model-accept-endpoint",
      right: { ...right, accept },
      wrong: { accept: { ...accept, runMetrics: [{ metric: "f1", min: 0.5 }] } },
      path: "accept.endpointId",
    },
    {
      rule: "model-accept-run",
      right: { ...right, accept },
      wrong: { workspaceId: undefined, registryId: REGISTRY_ID },
      path: "accept",
    },
  ],
};

export const customModel: RuleCases<CustomModelArgs> = {
  component: "CustomModel",
  declare: (name, args) => new CustomModel(name, args),
  rules: customModelRules,
  constraints: customModelConstraints,
  cases: [
    ...cases,
    {
      rule: "custom-model-no-triton-on-server",
      right: { ...onServer, server: { trackingUri: "https://mlflow.example.com" } },
      wrong: { type: "triton_model" },
      path: "type",
    },
  ],
};
