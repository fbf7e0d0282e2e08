import * as pulumi from "@pulumi/pulumi";
import { ComputeCluster, MlflowModel, SweepJob, Workspace } from "pulumi-azureml";

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
  maxNodes: 4,
});

// Other code, another search space or another number of trials is another sweep.
const sweep = new SweepJob("wines", {
  workspaceId: workspace.id,
  code: "training",
  command: "python train.py ${{search_space.strength}} ${{search_space.kernel}}",
  environment: {
    image: "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20250601.v1",
    condaFile: "conda.yaml",
  },
  computeId: cluster.id,
  searchSpace: {
    // From e to the power of -4 to e to the power of 3: 0.018 to 20.
    strength: { type: "loguniform", minValue: -4, maxValue: 3 },
    kernel: { type: "choice", values: ["linear", "rbf"] },
  },
  samplingAlgorithm: { kind: "Random", rule: "Sobol", seed: 7 },
  objective: { primaryMetric: "accuracy", goal: "Maximize" },
  limits: {
    maxTotalTrials: config.requireNumber("trials"),
    maxConcurrentTrials: config.requireNumber("concurrency"),
  },
});

const model = new MlflowModel("wines", {
  workspaceId: workspace.id,
  modelName: "wines",
  source: sweep.models.apply((models) => models["model"] ?? ""),
  fix: true,
});

export const { runId, bestRunId, trials, metrics, params } = sweep;
export const { version } = model;
