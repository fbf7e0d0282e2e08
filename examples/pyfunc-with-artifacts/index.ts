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

const workspace = new Workspace("wines", {
  location,
  dataContributors: { deployer: { objectId: config.require("deployer") } },
});
const cluster = new ComputeCluster("trainers", {
  workspaceId: workspace.id,
  location,
  vmSize: "Standard_DS3_v2",
  maxNodes: 1,
});
const job = new TrainingJob("wines", {
  workspaceId: workspace.id,
  code: "training",
  command: "python train.py",
  environment: {
    image: "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20250601.v1",
    condaFile: "conda.yaml",
  },
  computeId: cluster.id,
});
const model = new MlflowModel("wines", {
  workspaceId: workspace.id,
  modelName: "wines",
  source: job.models.apply((models) => models["model"] ?? ""),
  fix: true,
});
const endpoint = new OnlineEndpoint("wines", { workspaceId: workspace.id, location });

// The answers of `smoke.json` need both artifacts: a model that lost one gets no traffic.
const deployment = new RollingDeployment("wines", {
  endpointId: endpoint.id,
  location,
  model: model.id,
  instanceType: "Standard_DS3_v2",
  smokeRequests: JSON.parse(readFileSync("smoke.json", "utf8")) as SmokeRequest[],
});

export const { metrics } = job;
export const { version } = model;
export const { scoringUri } = endpoint;
export const { phase } = deployment;
