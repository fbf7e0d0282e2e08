import { Datastore, type DatastoreArgs } from "../../components";
import { datastoreRules } from "../../components/datastore-args";
import type { ArgumentCases } from "../helpers/argument-cases";
import { GROUP_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";

const accountId = `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/stdata`;

export const datastore: ArgumentCases<DatastoreArgs> = {
  component: "Datastore",
  rules: datastoreRules,
  declare: (name, args) => new Datastore(name, args),
  cases: [
    {
      workspaceId: WORKSPACE_ID,
      datastoreName: "lake",
      storage: { kind: "AzureBlob", accountId, containerName: "raw" },
      accountKeySecretId: "https://kv-test.vault.azure.net/secrets/storage-key",
      serviceDataAccessIdentity: "WorkspaceSystemAssignedIdentity",
      isDefault: true,
      description: "What the shops sent",
      tags: { team: "risk" },
    },
    {
      workspaceId: WORKSPACE_ID,
      datastoreName: "gen2",
      storage: { kind: "AzureDataLakeGen2", accountId, filesystem: "raw" },
    },
    {
      workspaceId: WORKSPACE_ID,
      datastoreName: "files",
      storage: { kind: "AzureFile", accountId, fileShareName: "raw" },
    },
  ],
  exempt: { "storage.kind": "another kind has other properties, so it never changes by itself" },
};
