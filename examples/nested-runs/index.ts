import * as pulumi from "@pulumi/pulumi";
import { ComputeCluster, MlflowModel, TrainingJob, Workspace } from "pulumi-azureml";

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

// Other code, or another number of trials, is another study.
const study = new TrainingJob("wines", {
  workspaceId: workspace.id,
  code: "training",
  command: "python train.py ${{inputs.trials}}",
  inputs: { trials: config.requireNumber("trials") },
  environment: {
    image: "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20250601.v1",
    condaFile: "conda.yaml",
  },
  computeId: cluster.id,
});

const model = new MlflowModel("wines", {
  workspaceId: workspace.id,
  modelName: "wines",
  source: study.models.apply((models) => models["model"] ?? ""),
  fix: true,
});

export const { trackingUri } = workspace;
export const { runId, metrics, params } = study;
export const { version } = model;
