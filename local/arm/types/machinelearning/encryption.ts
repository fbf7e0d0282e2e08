import type { AccessControl, Principal } from "../../../identity/principal";
import { TENANT_ID } from "../../../cloud";
import { ROLES } from "../../../identity/roles";
import type { JsonObject } from "../../../json";
import { ArmError, badArgument } from "../../errors";
import { objectAt, stringAt } from "../../objects";
import type { Arm } from "../../resource-type";

const CRYPTO_ROLES = [
  ROLES["Key Vault Crypto Service Encryption User"],
  ROLES["Key Vault Crypto User"],
  ROLES["Key Vault Administrator"],
];

/**
 * A workspace's customer-managed key: in a vault of the same subscription with purge protection, for an identity of the workspace that may wrap
 * and unwrap with it. Once made, a workspace keeps its vault, and whether it has a key of its own.
 */
export function checkEncryption(
  arm: Arm,
  identity: JsonObject,
  properties: JsonObject,
  before: JsonObject | undefined,
): void {
  const encryption = objectAt(properties, "encryption");
  const { keyVaultArmId, keyIdentifier } = objectAt(encryption, "keyVaultProperties");
  if (before !== undefined) checkKept(before, encryption);
  if (encryption["status"] !== "Enabled") return;
  const vault = arm.store.get(String(keyVaultArmId));
  const settings = objectAt(vault?.body ?? {}, "properties");
  if (vault === undefined)
    throw refused("keyVaultArmId", `'${String(keyVaultArmId)}' is no key vault that exists.`);
  if (settings["enablePurgeProtection"] !== true)
    throw refused(
      "keyVaultArmId",
      "The key vault of a customer-managed key needs soft delete and purge protection.",
    );
  const keys = arm.store.list(`${vault.id}/keys/`).map(({ body }) => objectAt(body, "properties"));
  const uri = String(keyIdentifier).toLowerCase();
  if (
    !keys.some(({ keyUri, keyUriWithVersion }) =>
      [keyUri, keyUriWithVersion].some((each) => String(each).toLowerCase() === uri),
    )
  )
    throw refused("keyIdentifier", `'${String(keyIdentifier)}' is no key in '${vault.id}'.`);
  const assigned = stringAt(objectAt(encryption, "identity"), "userAssignedIdentity");
  if (assigned === undefined) return;
  const found = Object.entries(objectAt(identity, "userAssignedIdentities")).find(
    ([id]) => id.toLowerCase() === assigned.toLowerCase(),
  )?.[1] as JsonObject | undefined;
  if (found === undefined)
    throw badArgument(
      "'encryption.identity' is none of the workspace's identities.",
      "properties.encryption.identity",
    );
  const principal = {
    objectId: String(found["principalId"]),
    clientId: String(found["clientId"]),
    tenantId: TENANT_ID,
  };
  if (settings["enableRbacAuthorization"] === true) checkCryptoRole(arm.access, principal, vault.id);
}

function checkCryptoRole(access: AccessControl, principal: Principal, vault: string): void {
  if (access.hasRole(principal, CRYPTO_ROLES, vault)) return;
  throw new ArmError(
    403,
    "ForbiddenByRbac",
    `Caller is not authorized to perform action on resource. If role assignments, deny assignments or role definitions were changed recently, please observe propagation time. Caller: appid=${principal.clientId};oid=${principal.objectId} Action: 'Microsoft.KeyVault/vaults/keys/wrap/action' Resource: '${vault}' Assignment: (not found)`,
  );
}

function checkKept(before: JsonObject, wanted: JsonObject): void {
  const old = objectAt(before, "encryption");
  const vaultOf = (encryption: JsonObject): string =>
    String(objectAt(encryption, "keyVaultProperties")["keyVaultArmId"] ?? "").toLowerCase();
  if ((old["status"] ?? "Disabled") === (wanted["status"] ?? "Disabled") && vaultOf(old) === vaultOf(wanted))
    return;
  throw refused(
    "keyVaultArmId",
    "A workspace stays with the key vault of its customer-managed key, or without one.",
  );
}

function refused(property: string, message: string): ArmError {
  return badArgument(message, `properties.encryption.keyVaultProperties.${property}`);
}
