import { MlflowStack, type MlflowStackArgs } from "../../components";
import { mlflowStackConstraints, mlflowStackRules } from "../../components/mlflow-stack-args";
import type { RuleCases } from "../helpers/rule-cases";

const right: MlflowStackArgs = {
  location: "westeurope",
  clusters: { training: { vmSize: "Standard_DS3_v2", maxNodes: 2 } },
  model: { modelName: "churn", path: "no/such/model" },
  deployment: { instanceType: "Standard_DS3_v2" },
};
const cluster = { vmSize: "Standard_DS3_v2", maxNodes: 2 };
const rule = "mlflow-stack-parts";

export const mlflowStackCases: RuleCases<MlflowStackArgs> = {
  component: "MlflowStack",
  declare: (name, args) => new MlflowStack(name, args),
  rules: mlflowStackRules,
  constraints: mlflowStackConstraints,
  cases: [
    {
      rule,
      right,
      wrong: { clusters: { training: { ...cluster, minNodes: 3 } } },
      path: "clusters.training.minNodes",
    },
    {
      rule,
      right,
      wrong: { clusters: { training: { ...cluster, workspaceId: "mine" } } },
      path: "clusters.training.workspaceId",
    },
    { rule, right, wrong: { workspace: { keyVaultId: "kv" } }, path: "workspace.keyVaultId" },
    {
      rule,
      right,
      wrong: { alerts: { actionGroup: { emails: { ada: "nobody" } }, errors: { perMinute: 1 } } },
      path: "alerts.actionGroup.emails.ada",
    },
    {
      rule,
      right,
      wrong: {
        alerts: {
          actionGroup: { emails: { ada: "ada@example.org" } },
          capacity: { leastInstances: 2, windowMinutes: 1, everyMinutes: 5 },
        },
      },
      path: "alerts.capacity.windowMinutes",
    },
    {
      rule,
      right,
      wrong: {
        connections: { feed: { connectionName: "feed", category: "Git", target: "https://git.example.org" } },
      },
      path: "connections.feed.auth",
    },
    { rule, right, wrong: { model: { modelName: "churn" } }, path: "model.path" },
    { rule, right, wrong: { deployment: { instanceType: "big" } }, path: "deployment.instanceType" },
    {
      rule,
      right,
      wrong: {
        deployment: {
          instanceType: "Standard_DS3_v2",
          gates: { limits: [{ metric: "errorPercent", max: 1 }] },
        },
      },
      path: "deployment.gates.minRequests",
    },
    { rule, right, wrong: { endpoint: { authMode: "AMLToken" } }, path: "endpoint.authMode" },
  ],
};
