import * as pulumi from "@pulumi/pulumi";
import { MlflowModel, Registry } from "pulumi-azureml";

const config = new pulumi.Config();
const modelName = "breast-cancer";

const registry = new Registry("shared", {
  resourceGroupId: config.require("resourceGroupId"),
  registryName: config.require("registryName"),
  location: config.require("location"),
});

// Registered where it is made, promoted into the registry, taken from there: each copy has to have the digest of what it is a copy of.
const dev = new MlflowModel("dev", {
  workspaceId: config.require("devWorkspaceId"),
  modelName,
  path: config.require("modelPath"),
});
const shared = new MlflowModel("shared", { registryId: registry.id, modelName, source: dev.id });
const prod = new MlflowModel("prod", {
  workspaceId: config.require("prodWorkspaceId"),
  modelName,
  source: shared.id,
});

export const registryId = registry.id;
/** Which version each place has of the same bytes. */
export const versions = { dev: dev.version, shared: shared.version, prod: prod.version };
export const digests = { dev: dev.digest, shared: shared.digest, prod: prod.digest };
/** For MLflow's clients of the workspace that took it. */
export const modelUri = pulumi.interpolate`models:/${modelName}/${prod.version}`;
