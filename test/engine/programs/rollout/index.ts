import * as ml from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import { MlflowModel, OnlineEndpoint, RollingDeployment, Workspace } from "../../../../components";
import { resourceParts, workspaceParts } from "../../../../providers/clients/arm-id";

/** A model that rolls forward; the stack's configuration says which, and how. */
const config = new pulumi.Config();
const tags = config.getObject<Record<string, string>>("tags") ?? { environment: "test" };
const description = config.get("description");
const location = "westeurope";

const workspace = new Workspace("ws", {
  location,
  nameSuffix: "r1",
  onDelete: "purge",
  dataContributors: { deployer: { objectId: config.require("deployer") } },
});
const model = new MlflowModel("model", {
  workspaceId: workspace.id,
  modelName: "churn",
  path: config.require("model"),
});
const endpoint = new OnlineEndpoint("churn", {
  workspaceId: workspace.id,
  location,
  endpointName: "oe-churn-r1",
  authMode: "Key",
  ...(description === undefined ? {} : { description }),
  tags,
});
const rolling = new RollingDeployment("churn-model", {
  endpointId: endpoint.id,
  location,
  model: model.id,
  instanceType: "Standard_DS3_v2",
  concurrentRequestsPerInstance: 4,
  ...config.requireObject<object>("rollout"),
});

const parts = endpoint.id.apply(workspaceParts);
const keys = ml.listOnlineEndpointKeysOutput({
  endpointName: endpoint.id.apply((id) => resourceParts(id).name),
  resourceGroupName: parts.resourceGroupName,
  workspaceName: parts.workspaceName,
});

export const endpointId = endpoint.id;
export const scoringUri = endpoint.scoringUri;
export const { generation, phase } = rolling;
export const key = pulumi.secret(keys.apply(({ primaryKey }) => primaryKey ?? ""));
