import * as pulumi from "@pulumi/pulumi";
import { MlflowModel, Workspace } from "pulumi-azureml";

/** A workspace with one model in it. */
const config = new pulumi.Config();
const workspace = new Workspace("ws", {
  location: "westeurope",
  nameSuffix: "m1",
  onDelete: "purge",
  dataContributors: { deployer: { objectId: config.require("deployer") } },
});
const model = new MlflowModel("churn", {
  workspaceId: workspace.id,
  modelName: "churn",
  path: config.require("model"),
  description: "who leaves",
  tags: { owner: "risk" },
});

export const { trackingUri, id } = workspace;
export const { version } = model;
