import * as pulumi from "@pulumi/pulumi";
import { MlflowModel, OnlineDeployment, OnlineEndpoint } from "pulumi-azureml";

const config = new pulumi.Config();
const workspaceId = config.require("workspaceId");
const location = config.require("location");

// What Azure ML's serving imports is added to the copy's requirements where the model lacks it.
const model = new MlflowModel("tumours", {
  workspaceId,
  modelName: "no-code-tumours",
  path: config.require("modelPath"),
  fix: true,
});
const endpoint = new OnlineEndpoint("tumours", { workspaceId, location });
const deployment = new OnlineDeployment("tumours", {
  endpointId: endpoint.id,
  location,
  model: model.id,
  instanceType: "Standard_DS3_v2",
});
endpoint.route([{ deployment, percent: 100 }]);

export const { version } = model;
export const { name: endpointName, scoringUri } = endpoint;
