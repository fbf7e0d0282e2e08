import { RoleAssignment } from "@pulumi/azure-native/authorization";
import * as keyvault from "@pulumi/azure-native/keyvault";
import { ResourceGroup } from "@pulumi/azure-native/resources";
import * as storage from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import { Connection, DataAsset, Datastore, Environment, Registry, Workspace } from "pulumi-azureml";

/** Everything that a workspace's jobs take as input, and a registry to share it by. */
const config = new pulumi.Config();
const { tenantId, subscriptionId, objectId } = config.requireObject<{
  tenantId: string;
  subscriptionId: string;
  objectId: string;
}>("caller");
const files = config.require("files");
const accountKeySecretId = config.get("accountKeySecretId");
const location = "westeurope";

const group = new ResourceGroup("group", { resourceGroupName: "rg-assets", location });
const account = new storage.StorageAccount("account", {
  accountName: "stassetsdata",
  resourceGroupName: group.name,
  location,
  kind: "StorageV2",
  sku: { name: "Standard_LRS" },
  allowSharedKeyAccess: true,
});
const vault = new keyvault.Vault("vault", {
  vaultName: "kv-assets",
  resourceGroupName: group.name,
  location,
  properties: { tenantId, sku: { family: "A", name: "standard" }, enableRbacAuthorization: true },
});
const reader = new RoleAssignment("reader", {
  roleAssignmentName: "10ca1a2e-0000-4000-8000-0000000000bb",
  scope: vault.id,
  principalId: objectId,
  principalType: "ServicePrincipal",
  roleDefinitionId: `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6`,
});
const { id: workspaceId } = new Workspace("ws", {
  location,
  resourceGroupId: group.id,
  keyVaultId: vault.id,
  dataContributors: { deployer: { objectId } },
  onDelete: "purge",
});

const lake = new Datastore(
  "lake",
  {
    workspaceId,
    datastoreName: "lake",
    storage: { kind: "AzureBlob", accountId: account.id, containerName: "raw" },
    ...(accountKeySecretId === undefined ? {} : { accountKeySecretId }),
    isDefault: true,
  },
  { dependsOn: reader },
);
new Environment("training", {
  workspaceId,
  environmentName: "churn-training",
  image: "mcr.microsoft.com/azureml/openmpi5.0-ubuntu24.04:20250601.v1",
  condaFile: `${files}/conda.yaml`,
});
new Environment("image", {
  workspaceId,
  environmentName: "churn-image",
  build: { path: `${files}/image` },
});
new DataAsset("table", { workspaceId, dataName: "churn-table", type: "mltable", path: `${files}/table` });
new DataAsset("folder", {
  workspaceId,
  dataName: "churn-folder",
  type: "uri_folder",
  path: pulumi.interpolate`${lake.uri}churn/`,
});
new Connection("feed", {
  workspaceId,
  connectionName: "python-feed",
  category: "PythonFeed",
  target: "https://pkgs.dev.azure.com/risk/_packaging/feed/pypi/simple/",
  auth: { type: "PAT", pat: pulumi.secret(readFileSync(`${files}/feed-token`, "utf8")) },
});
new Connection("search", {
  workspaceId,
  connectionName: "search",
  category: "CognitiveSearch",
  target: "https://srch-churn.search.windows.net",
});
const registry = new Registry("registry", {
  resourceGroupId: group.id,
  registryName: "shared-models",
  location,
  regions: [location, "northeurope"],
});

export const id = workspaceId;
export const accountId = account.id;
export const vaultId = vault.id;
export const registryUri = registry.mlflowRegistryUri;
