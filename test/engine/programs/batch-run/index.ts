import * as pulumi from "@pulumi/pulumi";
import { BatchDeployment, BatchEndpoint, BatchRun, DataAsset } from "pulumi-azureml";
import { batchParts, location } from "../batch-parts";

/** Files scored by a batch endpoint, with the numbers of Azure ML's page how-to-mlflow-batch, as the program runs; the stack's configuration says which, and whether they are a data asset first. */
const config = new pulumi.Config();
const files = config.require("files");

const { workspace, model, cluster } = batchParts("br1", 5);
const endpoint = new BatchEndpoint("churn", {
  workspaceId: workspace.id,
  location,
  endpointName: "be-churn-br1",
});
const deployment = new BatchDeployment("v1", {
  endpointId: endpoint.id,
  location,
  model: model.id,
  compute: cluster.id,
  instances: 2,
  miniBatchSize: 2,
  concurrencyPerInstance: 2,
  outputAction: "AppendRow",
  outputFileName: "predictions.csv",
  retries: { maxRetries: 3, timeoutSeconds: 300 },
  errorThreshold: -1,
});
endpoint.makeDefault(deployment);
const asset = config.getBoolean("registered")
  ? new DataAsset("customers", {
      workspaceId: workspace.id,
      dataName: "customers",
      type: "uri_folder",
      path: files,
    })
  : undefined;
const run = new BatchRun("scores", {
  endpointId: endpoint.id,
  deployment: deployment.name,
  input: asset === undefined ? { path: files } : { uri: asset.id },
});

export const { jobName, status, outputUri, outputUris, files: scored, rows } = run;
