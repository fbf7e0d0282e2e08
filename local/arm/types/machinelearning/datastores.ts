import {
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  SASProtocol,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import type { JsonObject } from "../../../json";
import { ArmError, badArgument } from "../../errors";
import { parentId } from "../../ids";
import { numberAt, objectAt, pick, stringAt } from "../../objects";
import type { ActionRequest, Answer, Arm, Made, PutRequest, ResourceType } from "../../resource-type";
import type { StoredResource } from "../../store";
import { findStorageAccount } from "../storage";
import { ML_API_VERSIONS, WORKSPACES } from "./provider";

const TYPE = `${WORKSPACES}/datastores`;
/** Hours that a SAS of `listSecrets` is good for, when the caller does not say. */
const EXPIRES_AFTER = 1;

/** The datastores that come with a workspace. */
export function systemDatastores(arm: Arm, workspace: StoredResource, account: string): StoredResource[] {
  const { workspaceId, systemDatastoresAuthMode } = objectAt(workspace.body, "properties");
  const byKey = String(systemDatastoresAuthMode).toLowerCase() === "accesskey";
  const code = `code-${String(workspaceId).slice(0, 36)}`;
  const blob = (containerName: string): JsonObject => ({ datastoreType: "AzureBlob", containerName });
  const file = (fileShareName: string): JsonObject => ({ datastoreType: "AzureFile", fileShareName });
  const kinds: Readonly<Record<string, JsonObject>> = {
    workspaceblobstore: blob(`azureml-blobstore-${String(workspaceId)}`),
    workspaceartifactstore: blob("azureml"),
    workspacefilestore: file(`azureml-filestore-${String(workspaceId)}`),
    workspaceworkingdirectory: file(code),
  };
  const now = arm.now().toISOString();
  return Object.entries(kinds).map(([name, kind]) => {
    const id = `${workspace.id}/datastores/${name}`;
    const properties: JsonObject = {
      description: null,
      tags: {},
      properties: {},
      ...kind,
      accountName: account,
      endpoint: "core.windows.net",
      protocol: "https",
      credentials: { credentialsType: byKey ? "AccountKey" : "None" },
      serviceDataAccessAuthIdentity: byKey ? "None" : "WorkspaceSystemAssignedIdentity",
      isDefault: name === "workspaceblobstore",
    };
    const systemData = { ...objectAt(workspace.body, "systemData"), createdAt: now, lastModifiedAt: now };
    return { id, body: { id, name, type: TYPE, properties, systemData }, internal: {} };
  });
}

function makeDatastore(request: PutRequest): Made {
  const { body, existing, name, query } = request;
  if (!/^[a-zA-Z0-9_]{1,255}$/.test(name)) {
    throw badArgument(`The datastore name '${name}' is not valid: letters, digits and '_'.`, "name");
  }
  const wanted = objectAt(body, "properties");
  const before = objectAt(existing?.body ?? {}, "properties");
  const { secrets, ...shown } = objectAt(wanted, "credentials");
  if (existing !== undefined && wanted["datastoreType"] !== before["datastoreType"])
    throw badArgument("The type of a datastore cannot be changed.", "properties.datastoreType");
  if (query["skipvalidation"] !== "true") checkStorage(request, wanted, secrets as JsonObject | undefined);
  const { datastoreType } = wanted;
  return {
    body: {
      properties: {
        description: null,
        tags: {},
        properties: {},
        ...(datastoreType === "AzureBlob" ||
        datastoreType === "AzureDataLakeGen2" ||
        datastoreType === "AzureFile"
          ? { endpoint: "core.windows.net", protocol: "https" }
          : {}),
        serviceDataAccessAuthIdentity: "None",
        ...pick(before, CREATED),
        ...wanted,
        credentials: shown,
        isDefault: isDefault(request),
      },
    },
    internal: { secrets: secrets ?? {} },
  };
}

/** What is set once: left out of a later PUT, it stays. */
const CREATED = [
  "accountName",
  "containerName",
  "filesystem",
  "fileShareName",
  "endpoint",
  "protocol",
  "serviceDataAccessAuthIdentity",
];

/** `isDefault` is read-only in the models, and yet what a PUT says of it counts. */
function isDefault({ sent, existing }: PutRequest): boolean {
  const wanted = objectAt(sent, "properties")["isDefault"] === true;
  if (existing === undefined) {
    if (wanted)
      throw badArgument("A new datastore cannot be the default one: update it.", "properties.isDefault");
    return false;
  }
  if (!wanted && objectAt(existing.body, "properties")["isDefault"] === true)
    throw badArgument(
      "The default datastore of a workspace cannot be unset: make another one the default.",
      "properties.isDefault",
    );
  return wanted;
}

/** The account that a datastore names is there and takes what it is to be reached with. */
function checkStorage({ arm }: PutRequest, wanted: JsonObject, secrets: JsonObject | undefined): void {
  const name = stringAt(wanted, "accountName");
  if (name === undefined) return;
  const account = findStorageAccount(arm.store, name);
  if (account === undefined)
    throw badArgument(`There is no storage account '${name}'.`, "properties.accountName");
  const { isHnsEnabled, allowSharedKeyAccess } = objectAt(account.body, "properties");
  if (wanted["datastoreType"] === "AzureDataLakeGen2" && isHnsEnabled !== true)
    throw badArgument(
      `The storage account '${name}' has no hierarchical namespace, which Azure Data Lake Storage Gen2 needs.`,
      "properties.accountName",
    );
  const key = secrets === undefined ? undefined : stringAt(secrets, "key");
  if (key === undefined) return;
  if (allowSharedKeyAccess === false)
    throw badArgument(`The storage account '${name}' takes no account keys.`, "properties.credentials");
  if (!arm.keys.accessKeys(name.toLowerCase()).includes(key))
    throw badArgument(
      `The given key is none of the storage account '${name}'.`,
      "properties.credentials.secrets.key",
    );
}

/** A workspace has one default datastore. */
async function moveDefault(
  arm: Arm,
  datastore: StoredResource,
  previous: StoredResource | undefined,
): Promise<void> {
  const is = (each: StoredResource | undefined): boolean =>
    objectAt(each?.body ?? {}, "properties")["isDefault"] === true;
  if (!is(datastore) || is(previous)) return;
  for (const other of arm.store.list(`${parentId(datastore.id)}/datastores/`)) {
    if (other.id === datastore.id || !is(other)) continue;
    const properties = { ...objectAt(other.body, "properties"), isDefault: false };
    await arm.store.put({ ...other, body: { ...other.body, properties } });
  }
}

/** The key of the datastore's account; a SAS of its container where the caller asks for one that expires. */
function listSecrets({ arm, body, existing }: ActionRequest): Answer {
  const properties = objectAt(existing.body, "properties");
  const kind = stringAt(objectAt(properties, "credentials"), "credentialsType");
  const key = kind === "AccountKey" ? accountKey(arm, existing) : undefined;
  if (key === undefined) {
    const message = `The datastore '${String(existing.body["name"])}' has no secrets: its credentials are of type ${kind ?? "None"}.`;
    throw new ArmError(400, "BadArgument", message);
  }
  if (body["expirableSecret"] !== true) return { status: 200, body: { secretsType: "AccountKey", key } };
  const hours = numberAt(body, "expireAfterHours") ?? EXPIRES_AFTER;
  const account = String(properties["accountName"]);
  const container = String(properties["containerName"] ?? properties["fileShareName"]);
  return {
    status: 200,
    body: { secretsType: "Sas", sasToken: serviceSas(account, key, container, arm.now(), hours) },
  };
}

function accountKey(arm: Arm, datastore: StoredResource): string | undefined {
  const given = stringAt(objectAt(datastore.internal, "secrets"), "key");
  const account = String(objectAt(datastore.body, "properties")["accountName"]);
  return (
    given ??
    (findStorageAccount(arm.store, account) === undefined ? undefined : arm.keys.accessKeys(account)[0])
  );
}

/** A SAS for everything in one container, signed with the account's key, over HTTPS. */
function serviceSas(account: string, key: string, containerName: string, now: Date, hours: number): string {
  const values = {
    containerName,
    permissions: ContainerSASPermissions.parse("racwdl"),
    // Clocks differ by a few minutes; Azure's own SAS starts a while back too.
    startsOn: new Date(now.getTime() - 15 * 60 * 1000),
    expiresOn: new Date(now.getTime() + hours * 60 * 60 * 1000),
    protocol: SASProtocol.Https,
  };
  return generateBlobSASQueryParameters(values, new StorageSharedKeyCredential(account, key)).toString();
}

/** A workspace's datastores. */
export const datastores: ResourceType = {
  type: TYPE,
  apiVersions: ML_API_VERSIONS,
  systemData: true,
  make: makeDatastore,
  write: moveDefault,
  beforeDelete: ({ existing }) => {
    if (existing === undefined || objectAt(existing.body, "properties")["isDefault"] !== true) return;
    throw badArgument("The default datastore of a workspace cannot be deleted.");
  },
  listed: (found, query) => {
    const wanted = query["isdefault"]?.toLowerCase();
    return wanted === undefined
      ? [...found]
      : found.filter(({ body }) => String(objectAt(body, "properties")["isDefault"]) === wanted);
  },
  actions: { listsecrets: listSecrets },
};
