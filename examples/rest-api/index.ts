import * as pulumi from "@pulumi/pulumi";
import { Experiment, RegisteredModel } from "pulumi-azureml";

const config = new pulumi.Config();
const server = { trackingUri: config.require("trackingUri") };

const experiment = new Experiment("rest", { server, experimentName: "rest-api" });
const model = new RegisteredModel("rest", {
  server,
  modelName: "rest-api",
  description: "Found by a script that has no MLflow",
});

/** Where MLflow's REST API is: what requests' paths go behind. */
export const apiUri = server.trackingUri
  .replace(/^azureml:/, "https:")
  .replace("/mlflow/v1.0/", "/mlflow/v2.0/")
  .concat("/api/2.0/mlflow");
export const experimentName = experiment.name;
export const modelName = model.name;
