import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import {
  ComputeCluster,
  MlflowModel,
  OnlineEndpoint,
  RollingDeployment,
  TrainingJob,
  Workspace,
  type SmokeRequest,
} from "pulumi-azureml";

const config = new pulumi.Config();
const location = config.require("location");

const workspace = new Workspace("tumours", {
  location,
  dataContributors: { deployer: { objectId: config.require("deployer") } },
});
const cluster = new ComputeCluster("trainers", {
  workspaceId: workspace.id,
  location,
  vmSize: "Standard_DS3_v2",
  maxNodes: 1,
});

// Other code, or another strength, is another run.
const job = new TrainingJob("tumours", {
  workspaceId: workspace.id,
  code: "training",
  command: "python train.py ${{inputs.strength}}",
  inputs: { strength: config.requireNumber("strength") },
  environment: {
    image: "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20250601.v1",
    condaFile: "conda.yaml",
  },
  computeId: cluster.id,
});

const endpoint = new OnlineEndpoint("tumours", { workspaceId: workspace.id, location });

// A version is made only of a model that is good enough, and no worse than the one that serves.
const model = new MlflowModel("tumours", {
  workspaceId: workspace.id,
  modelName: "tumours",
  source: job.models.apply((models) => models["model"] ?? ""),
  fix: true,
  accept: { runMetrics: [{ metric: "accuracy", min: 0.9, maxDrop: 0 }], endpointId: endpoint.id },
});

const deployment = new RollingDeployment("tumours", {
  endpointId: endpoint.id,
  location,
  model: model.id,
  instanceType: "Standard_DS3_v2",
  smokeRequests: JSON.parse(readFileSync("smoke.json", "utf8")) as SmokeRequest[],
  strategy: config.getObject("strategy"),
  watchSeconds: config.getNumber("watchSeconds"),
});

export const workspaceId = workspace.id;
export const { runId, metrics } = job;
export const { version } = model;
export const { id: endpointId, scoringUri } = endpoint;
export const { generation, phase } = deployment;
