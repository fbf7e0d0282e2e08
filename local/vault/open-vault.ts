import type { FastifyRequest } from "fastify";
import { isObject, objectAt, stringAt } from "../arm/objects";
import { lastName } from "../arm/path";
import type { Store, StoredResource } from "../arm/store";
import { TENANT_ID, VAULT_AUDIENCE } from "../cloud";
import { destination, parseAuthority } from "../door/hosts";
import { type AccessControl, type Principal, TokenRefused, type TokenVerifier } from "../identity/principal";
import { VaultError } from "./vault-error";

/** What somebody does in a vault. */
export interface VaultOperation {
  readonly on: "secrets" | "keys";
  /** By the name that access policies have for it. */
  readonly permission: string;
  /** The data action's last words. */
  readonly action: string;
  readonly roles: readonly string[];
}

export interface VaultAccess {
  readonly store: Store;
  readonly verifier: TokenVerifier;
  readonly access: AccessControl;
}

/**
 * The vault that is meant, once it is clear that the caller may do this in it.
 *
 * @param name of the secret or key; none where all are meant
 * @throws VaultError
 */
export async function openVault(
  { store, verifier, access }: VaultAccess,
  request: FastifyRequest,
  operation: VaultOperation,
  name?: string,
): Promise<StoredResource> {
  const principal = await signedIn(verifier, request.headers.authorization);
  const vault = vaultOf(store, request);
  if (!isAllowed(access, principal, vault, operation, name))
    throw forbidden(principal, vault, operation, name);
  if ((request.query as { "api-version"?: string })["api-version"] === undefined)
    throw new VaultError(400, "BadParameter", "api-version must be specified");
  return vault;
}

async function signedIn(verifier: TokenVerifier, authorization: string | undefined): Promise<Principal> {
  try {
    return await verifier.verify(authorization, [VAULT_AUDIENCE]);
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    const message =
      authorization === undefined ? "AKV10000: Request is missing a Bearer or PoP token." : error.message;
    const challenge = `Bearer authorization="https://login.microsoftonline.com/${TENANT_ID}", resource="${VAULT_AUDIENCE}"`;
    throw new VaultError(401, "Unauthorized", message, { headers: { "www-authenticate": challenge } });
  }
}

function vaultOf(store: Store, request: FastifyRequest): StoredResource {
  const target = destination(parseAuthority(request.headers.host, 443)?.hostname ?? "");
  const name = target?.part === "vault" ? target.vault : "";
  const found = store
    .list("/subscriptions/")
    .find(
      ({ id, body }) => body["type"] === "Microsoft.KeyVault/vaults" && lastName(id).toLowerCase() === name,
    );
  if (found === undefined) throw new VaultError(404, "VaultNotFound", `There is no vault '${name}'.`);
  return found;
}

function isAllowed(
  access: AccessControl,
  principal: Principal,
  { id, body }: StoredResource,
  { on, permission, roles }: VaultOperation,
  name: string | undefined,
): boolean {
  const properties = objectAt(body, "properties");
  if (properties["enableRbacAuthorization"] === true)
    return access.hasRole(principal, roles, name === undefined ? id : `${id}/${on}/${name}`);
  const policies = Array.isArray(properties["accessPolicies"]) ? properties["accessPolicies"] : [];
  return policies.filter(isObject).some((policy) => {
    const listed = objectAt(policy, "permissions")[on];
    const permitted = Array.isArray(listed) ? listed.map((each) => String(each).toLowerCase()) : [];
    return (
      stringAt(policy, "objectId")?.toLowerCase() === principal.objectId.toLowerCase() &&
      [permission, "all"].some((each) => permitted.includes(each))
    );
  });
}

function forbidden(
  { clientId, objectId }: Principal,
  { id, body }: StoredResource,
  { on, permission, action }: VaultOperation,
  name: string | undefined,
): VaultError {
  if (objectAt(body, "properties")["enableRbacAuthorization"] !== true)
    return new VaultError(
      403,
      "Forbidden",
      `The user, group or application 'appid=${clientId};oid=${objectId}' does not have ${on} ${permission} permission on key vault '${lastName(id)}'.`,
      { inner: "AccessDenied" },
    );
  return new VaultError(
    403,
    "Forbidden",
    "Caller is not authorized to perform action on resource.\n" +
      "If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.\n" +
      `Caller: appid=${clientId};oid=${objectId}\n` +
      `Action: 'Microsoft.KeyVault/vaults/${on}/${action}'\n` +
      `Resource: '${id.toLowerCase()}${name === undefined ? "" : `/${on}/${name}`}'`,
    { inner: "ForbiddenByRbac" },
  );
}
