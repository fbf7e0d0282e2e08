import * as pulumi from "@pulumi/pulumi";
import { Experiment, MlflowModel, RegisteredModel, Workspace } from "../../../../components";

/** A workspace with an experiment, and a model that another MLflow server has. */
const config = new pulumi.Config();
const tags = { team: config.require("team") };
const workspace = new Workspace("ws", {
  location: "westeurope",
  nameSuffix: "f1",
  onDelete: "purge",
  dataContributors: { deployer: { objectId: config.require("deployer") } },
});
const workspaceId = workspace.id;

const experiment = new Experiment("churn", { workspaceId, experimentName: "churn", tags });
const registered = new RegisteredModel("churn", {
  workspaceId,
  modelName: "churn",
  description: "who leaves",
  tags,
});
const model = new MlflowModel("churn", {
  workspaceId,
  modelName: registered.name,
  source: "models:/there@champion",
  sourceServer: { trackingUri: config.require("server") },
  tags,
});

export const { trackingUri } = workspace;
export const experimentId = experiment.id;
export const { version, digest } = model;
