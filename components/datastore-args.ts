import type * as pulumi from "@pulumi/pulumi";
import { SECRET_ID } from "../providers/clients/vault-address";
import { armId, flag, kindOf, oneOf, optional, tags, text, type Rules } from "../providers/rules";
import type { Constraint } from "./args";
import type { Tags } from "./tags";

/** A container of blobs. */
export interface BlobStorage {
  readonly kind: "AzureBlob";
  /** ARM id of the storage account. */
  readonly accountId: pulumi.Input<string>;
  /** 3 to 63 lower-case letters, digits and single dashes. */
  readonly containerName: pulumi.Input<string>;
}

/** A file system of Azure Data Lake Storage Gen2: of an account with a hierarchical namespace. */
export interface DataLakeGen2Storage {
  readonly kind: "AzureDataLakeGen2";
  /** ARM id of the storage account. */
  readonly accountId: pulumi.Input<string>;
  /** 3 to 63 lower-case letters, digits and single dashes. */
  readonly filesystem: pulumi.Input<string>;
}

/** A file share. */
export interface FileStorage {
  readonly kind: "AzureFile";
  /** ARM id of the storage account. */
  readonly accountId: pulumi.Input<string>;
  /** 3 to 63 lower-case letters, digits and single dashes. */
  readonly fileShareName: pulumi.Input<string>;
}

export interface DatastoreArgs {
  /** ARM id of the workspace. Fixed. */
  readonly workspaceId: pulumi.Input<string>;
  /**
   * What jobs and data call it, `azureml://datastores/NAME/…`: 1 to 255 letters, digits and underscores. One that is there already and leads to the same storage is
   * taken on: so are a workspace's own, `workspaceblobstore` for instance. Fixed.
   */
  readonly datastoreName: pulumi.Input<string>;
  /** Where the files are; never deleted with the datastore. Fixed. */
  readonly storage: BlobStorage | DataLakeGen2Storage | FileStorage;
  /**
   * Address of the Key Vault secret that is the account's key, `https://VAULT.vault.azure.net/secrets/NAME`: of its newest version, or with `/VERSION` of that. By default
   * there is no key: whoever uses the datastore signs in as themselves. With one, everybody in the workspace has all of the account, and the account must allow shared keys.
   * The key goes from the vault to Azure ML as whoever runs `pulumi up` (role Key Vault Secrets User), and is neither in the state nor in a log; a rotated secret shows in the preview.
   */
  readonly accountKeySecretId?: pulumi.Input<string>;
  /**
   * Who Azure ML itself reads as, for previews of data in studio: `None` (the default; whoever looks), `WorkspaceSystemAssignedIdentity` or
   * `WorkspaceUserAssignedIdentity`, which show the data to everybody in the workspace. Fixed.
   */
  readonly serviceDataAccessIdentity?: pulumi.Input<string>;
  /** `true` makes it the workspace's default, in place of the one before; Azure takes that back by another's being made so, not by `false`. By default it is left as it is. */
  readonly isDefault?: pulumi.Input<boolean>;
  /** Shown in the studio. */
  readonly description?: pulumi.Input<string>;
  /** Of the datastore. */
  readonly tags?: Tags;
}

const accountId = armId("Microsoft.Storage/storageAccounts");
/** 3 to 63 characters. */
const FOLDER = /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/;
const folder = "3 to 63 lower-case letters, digits and single dashes, a letter or digit first and last";

export const datastoreRules: Rules<DatastoreArgs> = {
  workspaceId: armId("Microsoft.MachineLearningServices/workspaces"),
  datastoreName: text(
    "1 to 255 letters, digits and underscores",
    /^[a-zA-Z0-9_]{1,255}$/,
    "how-to-datastore: names of datastores; azurerm_machine_learning_datastore_blobstorage",
  ),
  storage: kindOf("kind", {
    AzureBlob: {
      accountId,
      containerName: text(
        folder,
        // Azure's own containers have names that users can't give: `$logs`, `azureml-blobstore-GUID` is an ordinary one.
        FOLDER,
        "Naming and referencing containers, blobs, and metadata: container names",
      ),
    },
    AzureDataLakeGen2: {
      accountId,
      filesystem: text(
        folder,
        FOLDER,
        "models 2025-12-01, AzureDataLakeGen2Datastore: filesystem is required; Data Lake Storage Gen2 REST, Filesystem: names",
      ),
    },
    AzureFile: {
      accountId,
      fileShareName: text(
        folder,
        FOLDER,
        "Naming and referencing shares, directories, files, and metadata: share names",
      ),
    },
  }),
  accountKeySecretId: optional(
    text(
      "the address of a Key Vault secret: https://VAULT.vault.azure.net/secrets/NAME, or with /VERSION",
      SECRET_ID,
      "Azure Key Vault keys, secrets and certificates overview: object identifiers",
    ),
  ),
  serviceDataAccessIdentity: optional(
    oneOf("None", "WorkspaceSystemAssignedIdentity", "WorkspaceUserAssignedIdentity"),
  ),
  isDefault: optional(flag()),
  description: optional(text("text", /^/)),
  tags: optional(tags),
};

export const datastoreConstraints: readonly Constraint<DatastoreArgs>[] = [
  {
    id: "datastore-default-unset",
    source:
      "azurerm_machine_learning_datastore_blobstorage: is_default can only be set to true; Azure/terraform-provider-azapi #694",
    problems: ({ isDefault }) =>
      isDefault === false
        ? [
            {
              path: "isDefault",
              value: false,
              reason:
                "it must be true or left out: a workspace's default goes when another datastore becomes it",
            },
          ]
        : [],
  },
  {
    id: "datastore-system-store-kind",
    source: "how-to-datastore: the workspace's own datastores are two of blobs and two of files",
    problems: ({ datastoreName, storage }) => {
      const kind = SYSTEM_KINDS.get(String(datastoreName));
      if (kind === undefined || storage.kind === kind) return [];
      return [
        {
          path: "storage.kind",
          value: storage.kind,
          reason: `it must be ${kind}, as this datastore of the workspace's own is`,
        },
      ];
    },
  },
];

const SYSTEM_KINDS: ReadonlyMap<string, string> = new Map([
  ["workspaceblobstore", "AzureBlob"],
  ["workspaceartifactstore", "AzureBlob"],
  ["workspacefilestore", "AzureFile"],
  ["workspaceworkingdirectory", "AzureFile"],
]);
