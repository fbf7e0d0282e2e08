import * as pulumi from "@pulumi/pulumi";
import { MlflowModel, OnlineDeployment, OnlineEndpoint } from "pulumi-azureml";

// Tracked on Databricks, deployed by Azure ML.
const config = new pulumi.Config();
const workspaceId = config.require("workspaceId");
const location = config.require("location");
const model = new MlflowModel("churn", {
  workspaceId,
  modelName: "churn",
  source: config.require("model"),
  sourceServer: {
    trackingUri: config.require("databricks"),
    auth: { kind: "Token", tokenVariable: "DATABRICKS_TOKEN" },
  },
  fix: true,
});
const endpoint = new OnlineEndpoint("churn", { workspaceId, location });
const deployment = new OnlineDeployment("churn", {
  endpointId: endpoint.id,
  location,
  model: model.id,
  instanceType: "Standard_DS3_v2",
});
endpoint.route([{ deployment, percent: 100 }]);
export const { version, digest } = model;
export const { scoringUri } = endpoint;
