import { Connection, type ConnectionArgs } from "../../components";
import { connectionRules } from "../../components/connection-args";
import type { ArgumentCases } from "../helpers/argument-cases";
import { IDENTITY_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";

const workspaceId = WORKSPACE_ID;
const target = "https://example.com";

export const connection: ArgumentCases<ConnectionArgs> = {
  component: "Connection",
  rules: connectionRules,
  declare: (name, args) => new Connection(name, args),
  cases: [
    {
      workspaceId,
      connectionName: "search",
      category: "CognitiveSearch",
      target: "https://srch-test.search.windows.net",
      metadata: { ApiVersion: "2024-05-01-preview" },
      sharedToAll: true,
    },
    { workspaceId, connectionName: "openai", category: "AzureOpenAI", target, auth: { type: "AAD" } },
    {
      workspaceId,
      connectionName: "images",
      category: "ContainerRegistry",
      target: "crtest.azurecr.io",
      auth: {
        type: "ManagedIdentity",
        clientId: "10ca1a2e-0000-4000-8000-00000000000a",
        resourceId: IDENTITY_ID,
      },
    },
    { workspaceId, connectionName: "git", category: "Git", target, auth: { type: "PAT", pat: "a" } },
    {
      workspaceId,
      connectionName: "snow",
      category: "Snowflake",
      target,
      auth: { type: "UsernamePassword", username: "a", password: "b" },
    },
    { workspaceId, connectionName: "key", category: "OpenAI", target, auth: { type: "ApiKey", key: "a" } },
    {
      workspaceId,
      connectionName: "blob",
      category: "AzureBlob",
      target,
      auth: { type: "AccountKey", key: "a" },
    },
    { workspaceId, connectionName: "sas", category: "AzureBlob", target, auth: { type: "SAS", sas: "a" } },
    {
      workspaceId,
      connectionName: "lake",
      category: "ADLSGen2",
      target,
      auth: { type: "ServicePrincipal", clientId: "a", clientSecret: "b", tenantId: "c" },
    },
    {
      workspaceId,
      connectionName: "s3_bucket",
      category: "S3",
      target,
      auth: { type: "AccessKey", accessKeyId: "a", secretAccessKey: "b" },
    },
    {
      workspaceId,
      connectionName: "custom",
      category: "CustomKeys",
      target,
      auth: { type: "CustomKeys", keys: { token: "a" } },
    },
    {
      workspaceId,
      connectionName: "other",
      category: "CustomKeys",
      target,
      auth: { type: "CustomKeys", keys: { token: "b" } },
    },
  ],
  exempt: { "auth.type": "another type has other properties, so it never changes by itself" },
};
