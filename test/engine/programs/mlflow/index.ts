import * as pulumi from "@pulumi/pulumi";
import { CustomModel, Experiment, MlflowModel, RegisteredModel, Workspace } from "pulumi-azureml";

/** A workspace with an experiment, a model that another MLflow server has, one that is registered on that server, and one that is put together from assets. */
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

const onServer = new MlflowModel("on-server", {
  server: { trackingUri: config.require("server") },
  modelName: "kept",
  source: "models:/there/1",
  aliases: ["champion"],
});

const { AssetArchive, FileArchive, FileAsset, StringAsset } = pulumi.asset;
const together = new CustomModel("together", {
  workspaceId,
  modelName: "together",
  path: new AssetArchive({
    "rules.txt": new StringAsset("age > 30"),
    "packed.zip": new FileAsset(config.require("archive")),
    unpacked: new FileArchive(config.require("archive")),
  }),
});

export const { trackingUri } = workspace;
export const experimentId = experiment.id;
export const { version, digest } = model;
export const onServerId = onServer.id;
export const onServerDigest = onServer.digest;
export const togetherDigest = together.digest;
