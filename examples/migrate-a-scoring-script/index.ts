import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  BatchEndpoint,
  BatchRun,
  ComputeCluster,
  CustomModel,
  Environment,
  MlflowModel,
  OnlineEndpoint,
  RollingBatchDeployment,
  RollingDeployment,
  Workspace,
  type SmokeRequest,
} from "pulumi-azureml";

const config = new pulumi.Config();
const location = config.require("location");
const models = config.require("models");

const workspace = new Workspace("iris", {
  location,
  dataContributors: { deployer: { objectId: config.require("deployer") } },
});
const endpoint = new OnlineEndpoint("species", { workspaceId: workspace.id, location });

// The old way: a plain file, the script that knows what to do with it, and what the script needs.
const plain = new CustomModel("plain", {
  workspaceId: workspace.id,
  modelName: "iris-plain",
  path: join(models, "old-model"),
});
const environment = new Environment("scoring", {
  workspaceId: workspace.id,
  environmentName: "iris-scoring",
  image: "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20250601.v1",
  condaFile: "conda.yaml",
});

// The new way: the same file with the script's own steps, as a model that scores by itself.
const migrated = new MlflowModel("migrated", {
  workspaceId: workspace.id,
  modelName: "iris-species",
  path: join(models, "mlflow-model"),
});

const served = config.require<"script" | "mlflow">("served", { allowedValues: ["script", "mlflow"] });
const scored = {
  script: {
    model: plain.id,
    code: { path: "scoring", scoringScript: "score.py" },
    environment: environment.id,
  },
  mlflow: { model: migrated.id },
}[served];

const deployment = new RollingDeployment("species", {
  endpointId: endpoint.id,
  location,
  instanceType: "Standard_DS3_v2",
  ...scored,
  // Whichever serves has to give the answers that callers have had so far.
  smokeRequests: JSON.parse(readFileSync("smoke.json", "utf8")) as SmokeRequest[],
  strategy: config.getObject("strategy"),
  watchSeconds: config.getNumber("watchSeconds"),
  keepGenerations: 1,
});

// Files are scored in batch by the same two.
const batchEndpoint = new BatchEndpoint("species-batch", { workspaceId: workspace.id, location });
const cluster = new ComputeCluster("scorers", {
  workspaceId: workspace.id,
  location,
  vmSize: "Standard_DS3_v2",
  maxNodes: 1,
});
const batchEnvironment = new Environment("batch-scoring", {
  workspaceId: workspace.id,
  environmentName: "iris-batch-scoring",
  image: "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20250601.v1",
  condaFile: "batch-conda.yaml",
});

interface Prediction {
  readonly row: number;
  readonly species: string;
  readonly probability: number;
  readonly file: string;
}

const predictions = JSON.parse(readFileSync("samples.json", "utf8")) as Prediction[];
// The values are the same; a line is what the script makes of them, or row, prediction and file.
const batchScored = {
  script: {
    model: plain.id,
    code: { path: "batch-scoring", scoringScript: "score.py" },
    environment: batchEnvironment.id,
    lines: predictions.map(({ row, species, probability, file }) => [row, species, probability, file]),
  },
  mlflow: {
    model: migrated.id,
    lines: predictions.map(({ row, species, probability, file }) => [
      row,
      `['${species}', ${probability}]`,
      file,
    ]),
  },
}[served];
const { lines, ...batchServed } = batchScored;

const batchDeployment = new RollingBatchDeployment("species-batch", {
  endpointId: batchEndpoint.id,
  location,
  compute: cluster.id,
  ...batchServed,
  proof: { input: "samples", expectedRows: lines.length, expected: lines },
});
const run = new BatchRun("samples", {
  endpointId: batchEndpoint.id,
  deployment: batchDeployment.generation,
  input: { path: "samples" },
});

export const { scoringUri } = endpoint;
export const endpointId = endpoint.id;
export const { generation, phase } = deployment;
export const { generation: batchGeneration } = batchDeployment;
export const { outputUris: predictionUris } = run;
