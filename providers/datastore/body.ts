import { resourceParts } from "../clients/arm-id";
import { present } from "../inputs";
import type { DatastoreInputs, DatastoreStorage, LiveDatastore } from "./types";

/** What a PUT of a datastore carries. */
export interface DatastoreBody {
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * The whole of a datastore, as it is to be: what only a create may set stays as it is live, and so do other people's tags. The default
 * datastore says that it is one each time: Azure takes what leaves it out for a wish to have none, and refuses.
 *
 * @param live undefined where there is none yet
 * @param was the tags that the program declared before
 * @param key of the storage account; undefined for access by identity
 */
export function bodyOf(
  inputs: DatastoreInputs,
  live: LiveDatastore | undefined,
  was: Readonly<Record<string, string>> = {},
  key?: string,
): DatastoreBody {
  const place = live === undefined ? placeOf(inputs) : live.properties;
  const theirs = Object.entries(live?.properties.tags ?? {}).filter(([name]) => !(name in was));
  const isDefault = live?.properties.isDefault === true || (live !== undefined && inputs.isDefault === true);
  return {
    properties: {
      ...place,
      credentials:
        key === undefined
          ? { credentialsType: "None" }
          : { credentialsType: "AccountKey", secrets: { secretsType: "AccountKey", key } },
      description: inputs.description,
      tags: { ...Object.fromEntries(theirs), ...inputs.tags },
      ...(isDefault ? { isDefault } : {}),
    },
  };
}

function placeOf({ storage, serviceDataAccessIdentity }: DatastoreInputs): object {
  const { subscriptionId, resourceGroupName, name } = resourceParts(storage.accountId);
  return {
    datastoreType: storage.kind,
    ...folderOf(storage),
    accountName: name,
    subscriptionId,
    resourceGroup: resourceGroupName,
    ...(serviceDataAccessIdentity === undefined
      ? {}
      : { serviceDataAccessAuthIdentity: serviceDataAccessIdentity }),
  };
}

/** What the storage's kind calls a place in an account. */
function folderOf(storage: DatastoreStorage): Readonly<Record<string, string>> {
  switch (storage.kind) {
    case "AzureBlob":
      return { containerName: storage.containerName };
    case "AzureDataLakeGen2":
      return { filesystem: storage.filesystem };
    case "AzureFile":
      return { fileShareName: storage.fileShareName };
  }
}

/** Whether a datastore that is there already is the declared one. */
export function isSame({ properties }: LiveDatastore, inputs: DatastoreInputs): boolean {
  const { storage, serviceDataAccessIdentity: identity } = inputs;
  const actual = properties as Readonly<Record<string, unknown>>;
  return (
    properties.datastoreType === storage.kind &&
    properties.accountName?.toLowerCase() === resourceParts(storage.accountId).name.toLowerCase() &&
    Object.entries(folderOf(storage)).every(([key, value]) => actual[key] === value) &&
    (identity === undefined || identity === properties.serviceDataAccessAuthIdentity)
  );
}

/** The declared properties as they are live. */
export function observed({ properties }: LiveDatastore, inputs: DatastoreInputs): DatastoreInputs {
  const { credentials, description, tags = {}, isDefault } = properties;
  const declared = Object.entries(tags).filter(([name]) => name in (inputs.tags ?? {}));
  return present({
    ...inputs,
    credentials: credentials.credentialsType as DatastoreInputs["credentials"],
    description: description || undefined,
    tags: inputs.tags && Object.fromEntries(declared),
    ...(inputs.isDefault === undefined ? {} : { isDefault: isDefault === true }),
  });
}
