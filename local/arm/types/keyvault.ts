import { SUBSCRIPTION_ID } from "../../cloud";
import type { JsonObject } from "../../json";
import { ArmError } from "../errors";
import { numberAt, objectAt, pick, stringAt } from "../objects";
import { lastName } from "../path";
import type { Arm, Made, PutRequest, ResourceType } from "../resource-type";
import type { StoredResource } from "../store";
import { locationAndTags, mergedPatch, nameRule, requiredString } from "./envelope";
import { withConnections } from "./network/private-link";

const API_VERSIONS = ["2023-02-01", "2023-07-01", "2024-11-01", "2026-02-01"] as const;
const VAULTS = "Microsoft.KeyVault/vaults";
const DELETED_VAULTS = "Microsoft.KeyVault/locations/deletedVaults";
const DAY = 24 * 60 * 60 * 1000;

function deletedId(location: string, name: string): string {
  return `/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${name}`;
}

function deletedVaults({ store, now }: Arm): StoredResource[] {
  return store
    .list(`/subscriptions/${SUBSCRIPTION_ID}/providers/Microsoft.KeyVault/locations/`)
    .filter(({ body }) => body["type"] === DELETED_VAULTS && purgeDate(body) > now());
}

function purgeDate(body: JsonObject): Date {
  return new Date(String(objectAt(body, "properties")["scheduledPurgeDate"]));
}

function makeVault({ arm, body, existing, id, name }: PutRequest): Made {
  const wanted = objectAt(body, "properties");
  const recovered = existing === undefined ? checkNameIsFree(arm, id, name, wanted) : undefined;
  const before = objectAt(existing?.body ?? recovered ?? {}, "properties");
  requiredString(objectAt(wanted, "sku"), "name", "properties.sku.name");
  const tenantId = requiredString(wanted, "tenantId", "properties.tenantId");
  if (wanted["enablePurgeProtection"] === false) {
    const path = "properties.enablePurgeProtection";
    throw new ArmError(400, "BadRequest", `The property "${path}" cannot be set to false.`, { target: path });
  }
  if (before["enablePurgeProtection"] === true && wanted["enablePurgeProtection"] !== true) {
    throw new ArmError(
      400,
      "BadRequest",
      'The property "enablePurgeProtection" cannot be taken back once it is set.',
    );
  }
  const retention = numberAt(wanted, "softDeleteRetentionInDays") ?? 90;
  if (!Number.isInteger(retention) || retention < 7 || retention > 90) {
    const message = 'The property "softDeleteRetentionInDays" must be between 7 and 90.';
    throw new ArmError(400, "BadRequest", message, { target: "properties.softDeleteRetentionInDays" });
  }
  if (
    before["softDeleteRetentionInDays"] !== undefined &&
    before["softDeleteRetentionInDays"] !== retention
  ) {
    throw new ArmError(
      400,
      "BadRequest",
      'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.',
    );
  }
  if (wanted["enableRbacAuthorization"] !== true && !Array.isArray(wanted["accessPolicies"])) {
    throw new ArmError(400, "BadRequest", "The property 'properties.accessPolicies' is required.");
  }
  return {
    body: {
      ...locationAndTags(body),
      properties: {
        sku: { family: "A", ...objectAt(wanted, "sku") },
        tenantId,
        accessPolicies: wanted["accessPolicies"] ?? [],
        enabledForDeployment: false,
        ...pick(wanted, [
          "enabledForDeployment",
          "enabledForDiskEncryption",
          "enabledForTemplateDeployment",
          "enablePurgeProtection",
          "networkAcls",
        ]),
        enableSoftDelete: true,
        softDeleteRetentionInDays: retention,
        enableRbacAuthorization: wanted["enableRbacAuthorization"] ?? false,
        vaultUri: `https://${name.toLowerCase()}.vault.azure.net/`,
        publicNetworkAccess: wanted["publicNetworkAccess"] ?? "Enabled",
        provisioningState: "Succeeded",
      },
    },
  };
}

/** Vault names are global, and a soft-deleted vault holds on to its own. @returns what `createMode: recover` brings back */
function checkNameIsFree(arm: Arm, id: string, name: string, wanted: JsonObject): JsonObject | undefined {
  const isNamed = (resource: StoredResource): boolean =>
    lastName(resource.id).toLowerCase() === name.toLowerCase();
  const deleted = deletedVaults(arm).find(isNamed);
  if (deleted !== undefined && stringAt(wanted, "createMode") === "recover") {
    if (objectAt(deleted.body, "properties")["vaultId"] === id) return objectAt(deleted.internal, "vault");
  }
  if (deleted !== undefined) {
    throw new ArmError(
      409,
      "ConflictError",
      "A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.",
    );
  }
  if (arm.store.list("/subscriptions/").some((each) => each.body["type"] === VAULTS && isNamed(each))) {
    throw new ArmError(
      409,
      "VaultAlreadyExists",
      `The vault name '${name}' is already in use. Vault names are globally unique so it is possible that the name is already taken.`,
    );
  }
  return undefined;
}

/** Soft deletion cannot be switched off any more: a deleted vault is kept until it is purged, or its days are over. */
async function keepVault(arm: Arm, { id, body }: StoredResource): Promise<void> {
  const location = String(body["location"]);
  const properties = objectAt(body, "properties");
  const kept = deletedId(location, lastName(id));
  const days = numberAt(properties, "softDeleteRetentionInDays") ?? 90;
  const now = arm.now();
  await arm.store.put({
    id: kept,
    body: {
      id: kept,
      name: lastName(id),
      type: DELETED_VAULTS,
      properties: {
        vaultId: id,
        location,
        tags: objectAt(body, "tags"),
        deletionDate: now.toISOString(),
        scheduledPurgeDate: new Date(now.getTime() + days * DAY).toISOString(),
        ...pick(properties, ["purgeProtectionEnabled"]),
        ...(properties["enablePurgeProtection"] === true ? { purgeProtectionEnabled: true } : {}),
      },
    },
    internal: { softDeleted: true, vault: body },
  });
}

/** Purging is a POST, which ends with the deleted vault's going. */
async function purgeVault({ arm, existing }: { arm: Arm; existing: StoredResource }) {
  if (objectAt(existing.body, "properties")["purgeProtectionEnabled"] === true) {
    const message = "Operation 'DeletedVaultPurge' is not allowed: the vault has purge protection.";
    throw new ArmError(405, "MethodNotAllowed", message);
  }
  await arm.store.delete(existing.id);
  return { status: 200 };
}

/** Microsoft.KeyVault: vaults, and what is left of deleted ones. */
export const keyVaultTypes: readonly ResourceType[] = [
  {
    type: VAULTS,
    apiVersions: API_VERSIONS,
    tracked: true,
    systemData: true,
    checkName: nameRule(
      /^(?!.*--)[a-zA-Z][a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/,
      "VaultNameNotValid",
      (name) =>
        `The vault name '${name}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a letter, end with a letter or digit, and not contain consecutive hyphens.`,
    ),
    make: makeVault,
    shown: withConnections,
    amend: (request) => mergedPatch(request, ["tags", "properties"]),
    write: async (arm, { id, body }, previous) => {
      // The one that `createMode: recover` has brought back.
      if (previous === undefined) await arm.store.delete(deletedId(String(body["location"]), lastName(id)));
    },
    erase: (arm, vault) => keepVault(arm, vault),
  },
  {
    type: DELETED_VAULTS,
    apiVersions: API_VERSIONS,
    scope: "subscription",
    beforeDelete: refuseDelete,
    actions: { purge: purgeVault },
  },
  {
    type: "Microsoft.KeyVault/deletedVaults",
    apiVersions: API_VERSIONS,
    scope: "subscription",
    collect: (arm) => deletedVaults(arm),
  },
];

function refuseDelete(): never {
  throw new ArmError(405, "MethodNotAllowed", "A deleted vault is purged by POST …/purge.");
}
