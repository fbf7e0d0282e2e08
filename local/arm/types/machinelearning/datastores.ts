import {
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  SASProtocol,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import type { JsonObject } from "../../../json";
import { ArmError, badArgument } from "../../errors";
import { numberAt, objectAt, stringAt } from "../../objects";
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

function makeDatastore({ body, existing, name }: PutRequest): Made {
  if (!/^[a-zA-Z0-9_]{1,255}$/.test(name)) {
    throw badArgument(`The datastore name '${name}' is not valid: letters, digits and '_'.`, "name");
  }
  const wanted = objectAt(body, "properties");
  const credentials = objectAt(wanted, "credentials");
  const { secrets, ...shown } = credentials;
  return {
    body: {
      properties: {
        description: null,
        tags: {},
        properties: {},
        ...(stringAt(wanted, "datastoreType") === "AzureBlob"
          ? { endpoint: "core.windows.net", protocol: "https" }
          : {}),
        ...wanted,
        credentials: shown,
        isDefault: existing === undefined ? false : objectAt(existing.body, "properties")["isDefault"],
      },
    },
    internal: { secrets: secrets ?? {} },
  };
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
