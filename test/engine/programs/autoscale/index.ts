import * as pulumi from "@pulumi/pulumi";
import { Autoscale, MlflowModel, OnlineDeployment, OnlineEndpoint, Workspace } from "pulumi-azureml";

/** A deployment whose machines come and go; the stack's configuration says how many there may be. */
const config = new pulumi.Config();
const location = "westeurope";

const workspace = new Workspace("ws", {
  location,
  nameSuffix: "as1",
  onDelete: "purge",
  dataContributors: { deployer: { objectId: config.require("deployer") } },
});
const model = new MlflowModel("churn", {
  workspaceId: workspace.id,
  modelName: "churn",
  path: config.require("model"),
});
const endpoint = new OnlineEndpoint("churn", {
  workspaceId: workspace.id,
  location,
  endpointName: "oe-churn-as1",
  authMode: "Key",
});
const deployment = new OnlineDeployment("blue", {
  endpointId: endpoint.id,
  location,
  model: model.id,
  instanceType: "Standard_DS3_v2",
  instances: 2,
});
const autoscale = new Autoscale("blue", {
  deploymentId: deployment.id,
  location,
  instances: { least: 2, most: config.requireNumber("most") },
  // Nothing is asked of the endpoint, so that there is no latency, and the number stays.
  rules: [
    { metric: "RequestLatency", above: 900, change: 1 },
    { metric: "RequestLatency_P95", below: 50, change: -1 },
  ],
  schedules: { weekend: { days: ["Saturday", "Sunday"], instances: { least: 2, most: 2 } } },
});

export const autoscaleId = autoscale.id;
export const deploymentId = deployment.id;
