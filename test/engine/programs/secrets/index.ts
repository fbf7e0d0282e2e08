import * as ml from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import {
  Connection,
  MlflowModel,
  OnlineEndpoint,
  RollingDeployment,
  Workspace,
  type ConnectionArgs,
  type ConnectionAuth,
} from "pulumi-azureml";
import { resourceParts, workspaceParts } from "../../../../providers/clients/arm-id";

/** A stack that uses a secret of every kind: those of a file, those of MLflow servers in the environment, the endpoint's keys from Azure. */
const config = new pulumi.Config();
const location = "westeurope";
const secrets = JSON.parse(readFileSync(config.require("secrets"), "utf8")) as Record<string, string>;
const secret = (name: string): pulumi.Output<string> => pulumi.secret(secrets[name] ?? "");

const workspace = new Workspace("ws", {
  location,
  nameSuffix: "s1",
  onDelete: "purge",
  dataContributors: { deployer: { objectId: config.require("deployer") } },
});
const workspaceId = workspace.id;

const connect = (
  name: string,
  category: ConnectionArgs["category"],
  target: pulumi.Input<string>,
  auth: ConnectionAuth,
): Connection => new Connection(name, { workspaceId, connectionName: name, category, target, auth });
connect("token", "Git", "https://dev.azure.com/risk/_git/churn", { type: "PAT", pat: secret("token") });
connect("user", "PythonFeed", config.get("feed") ?? "https://pkgs.example.com/simple/", {
  type: "UsernamePassword",
  username: "reader",
  password: secret("password"),
});
connect("sas", "AzureBlob", "https://stother.blob.core.windows.net/raw", { type: "SAS", sas: secret("SAS") });
connect("account", "AzureBlob", "https://stother.blob.core.windows.net/raw", {
  type: "AccountKey",
  key: secret("account key"),
});
connect("lake", "ADLSGen2", "https://stother.dfs.core.windows.net/raw", {
  type: "ServicePrincipal",
  clientId: "10ca1a2e-0000-4000-8000-0000000000cc",
  clientSecret: secret("client secret of another"),
  tenantId: "10ca1a2e-0000-4000-8000-0000000000dd",
});

const model = new MlflowModel("model", { workspaceId, modelName: "churn", path: config.require("model") });
const onServer = new MlflowModel("on-server", {
  server: {
    trackingUri: config.require("passwordServer"),
    auth: { kind: "Basic", usernameVariable: "SECRETS_USER", passwordVariable: "SECRETS_PASSWORD" },
  },
  modelName: "kept",
  path: config.require("model"),
});
new MlflowModel("from-server", {
  workspaceId,
  modelName: "taken",
  source: onServer.id,
  sourceServer: {
    trackingUri: config.require("tokenServer"),
    auth: { kind: "Token", tokenVariable: "SECRETS_TOKEN" },
  },
});
new MlflowModel("from-blobs", {
  workspaceId,
  modelName: "shared",
  source: pulumi.interpolate`${config.require("blobs")}?${secret("signed address")}`,
});
const endpoint = new OnlineEndpoint("churn", {
  workspaceId,
  location,
  endpointName: "oe-churn-s1",
  authMode: "Key",
});
new RollingDeployment("blue", {
  endpointId: endpoint.id,
  location,
  model: model.id,
  instanceType: "Standard_DS3_v2",
  instances: 1,
  environmentVariables: { UPSTREAM: "https://example.com" },
  notify: { url: secret("webhook") },
});

const parts = endpoint.id.apply(workspaceParts);
const keys = ml.listOnlineEndpointKeysOutput({
  endpointName: endpoint.id.apply((id) => resourceParts(id).name),
  resourceGroupName: parts.resourceGroupName,
  workspaceName: parts.workspaceName,
});

export const { scoringUri } = endpoint;
export const id = workspace.id;
export const key = pulumi.secret(keys.apply(({ primaryKey }) => primaryKey ?? ""));
