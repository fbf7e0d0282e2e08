import { randomUUID } from "node:crypto";
import { TENANT_ID } from "../../../cloud";
import type { Principal } from "../../../identity/principal";
import { ROLES } from "../../../identity/roles";
import type { JsonObject } from "../../../json";
import { forgetDeleted, keepDeleted, softDeleted } from "../../deleted";
import { ArmError, badArgument } from "../../errors";
import { isObject, merged, objectAt, stringAt, withDefaults } from "../../objects";
import { lastName } from "../../path";
import type {
  ActionRequest,
  Answer,
  Arm,
  DeleteRequest,
  Made,
  PatchRequest,
  PutRequest,
  ResourceType,
} from "../../resource-type";
import type { StoredResource } from "../../store";
import { completeIdentity } from "../identity";
import { isMade, kept, locationAndTags, mergedPatch } from "../envelope";
import { withConnections } from "../network/private-link";
import { checkEncryption } from "./encryption";
import { systemDatastores } from "./datastores";
import { activate, provision, settledNetwork, withOutboundRules } from "./managed-network";
import { writeRules } from "./outbound-rules";
import { ML_API_VERSIONS, WORKSPACES } from "./provider";

/** Days that a deleted workspace holds on to its name. */
const KEPT_DAYS = 14;

const DEFAULTS: JsonObject = {
  allowPublicAccessWhenBehindVnet: false,
  enableDataIsolation: false,
  hbiWorkspace: false,
  publicNetworkAccess: "Enabled",
  systemDatastoresAuthMode: "AccessKey",
  v1LegacyMode: false,
};

/** What a workspace stands on: property, type, whether it must be given. */
const DEPENDENCIES = [
  ["storageAccount", "Microsoft.Storage/storageAccounts", true],
  ["keyVault", "Microsoft.KeyVault/vaults", true],
  ["applicationInsights", "Microsoft.Insights/components", false],
  ["containerRegistry", "Microsoft.ContainerRegistry/registries", false],
] as const;

function makeWorkspace({ arm, body, existing, id, name }: PutRequest): Made {
  if (existing === undefined && softDeleted(arm.store, id, arm.now()) !== undefined) {
    throw new ArmError(
      400,
      "BadRequest",
      `Soft-deleted workspace exists. Please purge or recover it. https://aka.ms/wsoftdelete (workspace '${name}')`,
    );
  }
  const location = locationAndTags(body);
  const before = objectAt(existing?.body ?? {}, "properties");
  const properties = objectAt(body, "properties");
  checkDependencies(arm, properties);
  checkFixed(before, properties);
  const identity = completeIdentity(
    arm.store,
    Object.keys(objectAt(body, "identity")).length === 0
      ? { type: "SystemAssigned" }
      : objectAt(body, "identity"),
    objectAt(existing?.body ?? {}, "identity"),
  );
  checkIdentity(identity, objectAt(existing?.body ?? {}, "identity"), properties);
  checkIdentityRoles(arm, identity, properties);
  checkEncryption(arm, identity, properties, existing === undefined ? undefined : before);
  const region = String(location["location"]);
  return {
    body: {
      ...location,
      kind: stringAt(body, "kind") ?? "Default",
      sku: withDefaults(objectAt(body, "sku"), { name: "Basic", tier: "Basic" }),
      identity,
      properties: {
        ...withDefaults(properties, { ...DEFAULTS, friendlyName: name, description: "" }),
        managedNetwork: settledNetwork(
          objectAt(before, "managedNetwork"),
          objectAt(properties, "managedNetwork"),
        ),
        workspaceId: before["workspaceId"] ?? randomUUID(),
        tenantId: TENANT_ID,
        discoveryUrl: `https://${region}.api.azureml.ms/discovery`,
        mlFlowTrackingUri: `azureml://${region}.api.azureml.ms/mlflow/v1.0${id}`,
        notebookInfo: notebookInfo(before, region, name),
        privateLinkCount: 0,
        storageHnsEnabled: false,
        provisioningState: "Succeeded",
      },
    },
    internal: { outboundRules: objectAt(properties, "managedNetwork")["outboundRules"] ?? null },
  };
}

function notebookInfo(before: JsonObject, region: string, name: string): JsonObject {
  const known = objectAt(before, "notebookInfo");
  if (known["resourceId"] !== undefined) return known;
  return {
    resourceId: randomUUID().replaceAll("-", ""),
    fqdn: `ml-${name.toLowerCase()}-${region}-${randomUUID()}.${region}.notebooks.azure.net`,
    isPrivateLinkEnabled: false,
  };
}

function checkDependencies({ store }: Arm, properties: JsonObject): void {
  for (const [property, type, required] of DEPENDENCIES) {
    const id = stringAt(properties, property);
    if (id === undefined || id === "") {
      if (required)
        throw badArgument(
          `A workspace needs '${property}', the ARM id of its ${type}.`,
          `properties.${property}`,
        );
      continue;
    }
    const found = store.get(id);
    if (String(found?.body["type"]).toLowerCase() === type.toLowerCase()) continue;
    throw badArgument(
      `'${property}' names '${id}', which is no ${type} that exists.`,
      `properties.${property}`,
    );
  }
}

/** A workspace stays with its storage, vault and isolation. */
function checkFixed(before: JsonObject, properties: JsonObject): void {
  for (const property of ["storageAccount", "keyVault", "enableDataIsolation", "hbiWorkspace"]) {
    const [old, wanted] = [before[property], properties[property]];
    if (old === undefined || wanted === undefined || wanted === null) continue;
    if (String(old).toLowerCase() === String(wanted).toLowerCase()) continue;
    throw badArgument(`'${property}' of a workspace cannot be changed.`, `properties.${property}`);
  }
}

/** The primary identity is one of those assigned, and a user-assigned identity beside the workspace's own stays one. */
function checkIdentity(identity: JsonObject, before: JsonObject, properties: JsonObject): void {
  if (before["type"] === "SystemAssigned,UserAssigned" && identity["type"] === "SystemAssigned") {
    throw badArgument(
      "A workspace cannot go back from SystemAssigned,UserAssigned to SystemAssigned.",
      "identity.type",
    );
  }
  const primary = stringAt(properties, "primaryUserAssignedIdentity");
  if (primary === undefined) {
    if (identity["type"] !== "UserAssigned") return;
    throw badArgument(
      "A workspace with user-assigned identities alone needs 'primaryUserAssignedIdentity'.",
      "properties.primaryUserAssignedIdentity",
    );
  }
  if (identity["type"] !== "UserAssigned") {
    throw badArgument(
      "'primaryUserAssignedIdentity' cannot be set where the workspace has a system-assigned identity.",
      "properties.primaryUserAssignedIdentity",
    );
  }
  const assigned = Object.keys(objectAt(identity, "userAssignedIdentities")).map((id) => id.toLowerCase());
  if (assigned.includes(primary.toLowerCase())) return;
  throw badArgument(
    "'primaryUserAssignedIdentity' is none of the workspace's identities.",
    "properties.primaryUserAssignedIdentity",
  );
}

/** What a user-assigned identity must be allowed before a workspace acts as it. A system-assigned one is given its roles by Azure. */
function checkIdentityRoles(arm: Arm, identity: JsonObject, properties: JsonObject): void {
  const primary = stringAt(properties, "primaryUserAssignedIdentity");
  if (primary === undefined) return;
  const identities = objectAt(identity, "userAssignedIdentities");
  const key = Object.keys(identities).find((id) => id.toLowerCase() === primary.toLowerCase()) ?? "";
  const { principalId, clientId } = objectAt(identities, key);
  const principal = { objectId: String(principalId), clientId: String(clientId), tenantId: TENANT_ID };
  for (const [property, type] of DEPENDENCIES) {
    const scope = stringAt(properties, property);
    if (scope === undefined || scope === "") continue;
    if (!arm.access.hasRole(principal, [ROLES.Contributor, ROLES.Owner], scope)) {
      throw new ArmError(
        403,
        "AuthorizationFailed",
        `The client '${principal.clientId}' with object id '${principal.objectId}' does not have authorization to perform action '${type}/write' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
      );
    }
    if (property === "keyVault") checkVaultRole(arm, principal, scope);
  }
}

function checkVaultRole({ access, store }: Arm, principal: Principal, vault: string): void {
  if (objectAt(store.get(vault)?.body ?? {}, "properties")["enableRbacAuthorization"] !== true) return;
  if (access.hasRole(principal, [ROLES["Key Vault Administrator"]], vault)) return;
  throw new ArmError(
    403,
    "ForbiddenByRbac",
    `Caller is not authorized to perform action on resource. If role assignments, deny assignments or role definitions were changed recently, please observe propagation time. Caller: appid=${principal.clientId};oid=${principal.objectId} Action: 'Microsoft.KeyVault/vaults/secrets/setSecret/action' Resource: '${vault}' Assignment: (not found)`,
  );
}

function amendWorkspace(request: PatchRequest): Made {
  const { arm, body, existing } = request;
  checkFixed(objectAt(existing.body, "properties"), objectAt(body, "properties"));
  const { body: merge } = mergedPatch(request, ["tags", "sku", "properties"]);
  const { managedNetwork } = objectAt(existing.body, "properties");
  const network = settledNetwork(
    objectAt({ managedNetwork }, "managedNetwork"),
    objectAt(objectAt(body, "properties"), "managedNetwork"),
  );
  const changed = {
    ...merge,
    properties: { ...objectAt(merge, "properties"), managedNetwork: network },
  };
  if (body["identity"] === undefined) return { body: changed };
  const before = objectAt(existing.body, "identity");
  const wanted = merged(before, objectAt(body, "identity"));
  const identity = completeIdentity(arm.store, wanted, before);
  checkIdentity(identity, before, objectAt(changed, "properties"));
  checkIdentityRoles(arm, identity, objectAt(changed, "properties"));
  return { body: { ...kept(changed), identity } };
}

/** Containers and datastores first: what runs against the workspace finds them. */
async function setUpWorkspace(
  arm: Arm,
  workspace: StoredResource,
  previous: StoredResource | undefined,
): Promise<void> {
  const { provisioning, outboundRules } = workspace.internal;
  if (isObject(outboundRules)) await writeRules(arm, workspace, outboundRules);
  if (isObject(provisioning)) return activate(arm, workspace.id, provisioning);
  if (isMade(previous)) return;
  const properties = objectAt(workspace.body, "properties");
  const account = lastName(String(properties["storageAccount"]));
  for (const datastore of systemDatastores(arm, workspace, account)) {
    const { datastoreType, containerName } = objectAt(datastore.body, "properties");
    if (datastoreType === "AzureBlob") await arm.effects.containerCreated(account, String(containerName));
    if (arm.store.get(datastore.id) === undefined) await arm.store.put(datastore);
  }
  await arm.effects.workspaceCreated(workspace.id);
}

function checkWorkspaceName(name: string): void {
  if (/^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$/.test(name)) return;
  const message = `The workspace name '${name}' is not valid: 3 to 33 letters, digits, '-' and '_', a letter or digit first.`;
  throw badArgument(message, "name");
}

/** `?forceToPurge=true` on a workspace that is soft-deleted already gives its name free. */
async function purgeDeleted({ arm, existing, id, query }: DeleteRequest): Promise<void> {
  if (existing === undefined && query["forcetopurge"] === "true") await forgetDeleted(arm.store, id);
}

function listKeys({ arm, existing }: ActionRequest): Answer {
  const properties = objectAt(existing.body, "properties");
  const storage = stringAt(properties, "storageAccount");
  const insights = arm.store.get(String(properties["applicationInsights"]));
  return {
    status: 200,
    body: {
      userStorageKey: storage === undefined ? null : arm.keys.accessKeys(lastName(storage))[0],
      userStorageArmId: storage ?? null,
      appInsightsInstrumentationKey:
        stringAt(objectAt(insights?.body ?? {}, "properties"), "InstrumentationKey") ?? null,
    },
  };
}

/** Machine Learning workspaces. */
export const workspaces: ResourceType = {
  type: WORKSPACES,
  apiVersions: ML_API_VERSIONS,
  tracked: true,
  systemData: true,
  checkName: checkWorkspaceName,
  make: makeWorkspace,
  shown: (arm, workspace) => withOutboundRules(arm, workspace, withConnections(arm, workspace)),
  amend: amendWorkspace,
  beforeDelete: purgeDeleted,
  write: setUpWorkspace,
  erase: async (arm, workspace, { purge }) => {
    await arm.effects.workspaceDeleted(workspace.id);
    if (purge) await forgetDeleted(arm.store, workspace.id);
    else await keepDeleted(arm.store, workspace, KEPT_DAYS, arm.now());
  },
  actions: {
    provisionmanagednetwork: provision,
    listkeys: listKeys,
    liststorageaccountkeys: (request) => {
      const { userStorageKey } = listKeys(request).body as JsonObject;
      return { status: 200, body: { userStorageKey } };
    },
  },
  longRunning: {
    status: "workspaceOperationsStatus",
    result: "workspaceOperationResults",
    put: { created: 202, updated: 202, headers: ["Location"] },
    patch: { created: 202, updated: 202, headers: ["Location"] },
    delete: { created: 202, updated: 202, headers: ["Location"] },
    actions: { provisionmanagednetwork: { created: 202, updated: 202, headers: ["Location"] } },
  },
};
