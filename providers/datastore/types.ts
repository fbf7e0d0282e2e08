/** Where a datastore's files are, by the kind of storage. */
export type DatastoreStorage =
  | { readonly kind: "AzureBlob"; readonly accountId: string; readonly containerName: string }
  | { readonly kind: "AzureDataLakeGen2"; readonly accountId: string; readonly filesystem: string }
  | { readonly kind: "AzureFile"; readonly accountId: string; readonly fileShareName: string };

/** How whoever uses the datastore gets at its files: as themselves, or with the account's key. */
export type DatastoreCredentials = "None" | "AccountKey";

/** What the program declares. */
export interface DatastoreInputs {
  /** ARM id of the workspace. */
  readonly workspaceId: string;
  readonly name: string;
  readonly storage: DatastoreStorage;
  /** Address of the Key Vault secret that is the account's key. */
  readonly accountKeySecretId?: string;
  readonly serviceDataAccessIdentity?: string;
  readonly isDefault?: boolean;
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** What `accountKeySecretId` makes of it; `check` puts it in. */
  readonly credentials?: DatastoreCredentials;
  /** The secret's version that is meant now; `check` puts it in where it can. The key itself is nowhere. */
  readonly secretVersion?: string;
}

/** A datastore as ARM shows it. */
export interface LiveDatastore {
  readonly properties: {
    readonly datastoreType: string;
    readonly credentials: { readonly credentialsType: string };
    readonly accountName?: string;
    readonly containerName?: string;
    readonly filesystem?: string;
    readonly fileShareName?: string;
    readonly endpoint?: string;
    readonly protocol?: string;
    readonly serviceDataAccessAuthIdentity?: string;
    readonly subscriptionId?: string;
    readonly resourceGroup?: string;
    readonly isDefault?: boolean;
    readonly description?: string;
    readonly tags?: Readonly<Record<string, string>>;
    readonly properties?: Readonly<Record<string, string>>;
  };
}
