import * as pulumi from "@pulumi/pulumi";
import { BatchDeployment, BatchEndpoint, BatchRun, Environment } from "pulumi-azureml";
import { batchParts, location } from "../batch-parts";

/** A job that scores by a script for as long as the file `gate` is not there; the stack's configuration says whether `up` waits for it, and what becomes of it. */
const config = new pulumi.Config();

const { workspace, model, cluster } = batchParts("bu1", 2);
const environment = new Environment("scoring", {
  workspaceId: workspace.id,
  environmentName: "scoring",
  image: "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20250601.v1",
  condaFile: config.require("condaFile"),
});
const endpoint = new BatchEndpoint("churn", {
  workspaceId: workspace.id,
  location,
  endpointName: "be-churn-bu1",
});
const deployment = new BatchDeployment("v1", {
  endpointId: endpoint.id,
  location,
  model: model.id,
  code: { path: config.require("code"), scoringScript: "score.py" },
  environment: environment.id,
  compute: cluster.id,
  retries: { timeoutSeconds: 600 },
  environmentVariables: { GATE: config.require("gate") },
});
const run = new BatchRun("scores", {
  endpointId: endpoint.id,
  deployment: deployment.name,
  input: { path: config.require("files") },
  rerun: config.require("rerun"),
  wait: config.requireBoolean("wait"),
  onDestroy: config.require<"cancel" | "leave">("onDestroy"),
});

export const { id, jobName, status, outputUri, outputUris, files: scored, rows } = run;
