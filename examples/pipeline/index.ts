import * as pulumi from "@pulumi/pulumi";
import { commandStep, MlflowModel, Pipeline, Workspace } from "pulumi-azureml";

const config = new pulumi.Config();
const location = config.require("location");

const workspace = new Workspace("tumours", {
  location,
  dataContributors: { deployer: { objectId: config.require("deployer") } },
});

// What all steps have in common.
const common = {
  code: "steps",
  environment: {
    image: "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20250601.v1",
    condaFile: "conda.yaml",
  },
};
const prepare = commandStep({
  ...common,
  command: "python prepare.py ${{outputs.train}} ${{outputs.test}}",
  outputs: { train: { type: "uri_folder" }, test: { type: "uri_folder" } },
});
const train = commandStep({
  ...common,
  command: "python train.py ${{inputs.rows}} ${{inputs.strength}} ${{outputs.model}}",
  inputs: {
    rows: { type: "uri_folder", from: prepare.outputs.train },
    strength: config.requireNumber("strength"),
  },
  outputs: { model: { type: "mlflow_model" } },
});
const judge = commandStep({
  ...common,
  command: "python judge.py ${{inputs.model}} ${{inputs.rows}}",
  inputs: {
    model: { type: "mlflow_model", from: train.outputs.model },
    rows: { type: "uri_folder", from: prepare.outputs.test },
  },
});

const pipeline = new Pipeline("tumours", {
  workspaceId: workspace.id,
  steps: { prepare, train, judge },
  outputs: { model: train.outputs.model },
});
const model = new MlflowModel("tumours", {
  workspaceId: workspace.id,
  modelName: "tumours",
  source: pipeline.outputUris.apply((outputs) => outputs["model"] ?? ""),
  fix: true,
});

export const { runId, status } = pipeline;
export const accuracy = pipeline.stepRuns.apply((steps) => steps["judge"]?.metrics["accuracy"]);
export const reused = pipeline.stepRuns.apply((steps) =>
  Object.keys(steps).filter((step) => steps[step]?.reused),
);
export const version = model.version;
