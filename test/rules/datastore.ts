import { Datastore, type DatastoreArgs } from "../../components";
import { datastoreConstraints, datastoreRules } from "../../components/datastore-args";
import { GROUP_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";
import type { RuleCases } from "../helpers/rule-cases";

const accountId = `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/stdata`;
const right: DatastoreArgs = {
  workspaceId: WORKSPACE_ID,
  datastoreName: "shop_data",
  storage: { kind: "AzureBlob", accountId, containerName: "raw" },
};

export const datastore: RuleCases<DatastoreArgs> = {
  component: "Datastore",
  declare: (name, args) => new Datastore(name, args),
  rules: datastoreRules,
  constraints: datastoreConstraints,
  cases: [
    { rule: "datastoreName", right, wrong: { datastoreName: "shop-data" }, path: "datastoreName" },
    {
      rule: "storage.containerName",
      right,
      wrong: { storage: { kind: "AzureBlob", accountId, containerName: "Raw--data" } },
      path: "storage.containerName",
    },
    {
      rule: "storage.filesystem",
      right: { ...right, storage: { kind: "AzureDataLakeGen2", accountId, filesystem: "raw" } },
      wrong: { storage: { kind: "AzureDataLakeGen2", accountId } },
      path: "storage.filesystem",
    },
    {
      rule: "storage.fileShareName",
      right: { ...right, storage: { kind: "AzureFile", accountId, fileShareName: "raw" } },
      wrong: { storage: { kind: "AzureFile", accountId, fileShareName: "ra" } },
      path: "storage.fileShareName",
    },
    {
      rule: "accountKeySecretId",
      right: { ...right, accountKeySecretId: "https://kv-test.vault.azure.net/secrets/storage-key" },
      wrong: { accountKeySecretId: "https://kv-test.vault.azure.net/keys/storage-key" },
      path: "accountKeySecretId",
    },
    {
      rule: "datastore-default-unset",
      right: { ...right, isDefault: true },
      wrong: { isDefault: false },
      path: "isDefault",
    },
    {
      rule: "datastore-system-store-kind",
      right: { ...right, datastoreName: "workspaceblobstore" },
      wrong: { datastoreName: "workspacefilestore" },
      path: "storage.kind",
    },
  ],
};
