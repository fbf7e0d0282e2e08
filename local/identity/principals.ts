import type { Store, StoredResource } from "../arm/store";
import { DEPLOYER, TENANT_ID } from "../cloud";
import { applications } from "./applications";
import type { Principal } from "./principal";

/** A principal that can ask for tokens, with what the managed-identity endpoint finds it by. */
export interface KnownPrincipal extends Principal {
  readonly displayName: string;
  /** ARM id of the user-assigned identity; undefined for the deployer and other service principals. */
  readonly resourceId: string | undefined;
}

export const deployer: KnownPrincipal = {
  objectId: DEPLOYER.objectId,
  clientId: DEPLOYER.clientId,
  tenantId: TENANT_ID,
  displayName: DEPLOYER.displayName,
  resourceId: undefined,
};

/** Everyone the tenant knows: the deployer, other service principals, and each user-assigned identity that ARM holds. */
export function principals(store: Store): KnownPrincipal[] {
  return [deployer, ...applications(store), ...managedIdentities(store)];
}

/** Each user-assigned identity that ARM holds. */
export function managedIdentities(store: Store): KnownPrincipal[] {
  return store.list("/").flatMap(userAssignedIdentity);
}

function userAssignedIdentity({ id, body }: StoredResource): KnownPrincipal[] {
  if (String(body["type"]).toLowerCase() !== "microsoft.managedidentity/userassignedidentities") return [];
  const properties = Object(body["properties"]) as Record<string, unknown>;
  const { principalId, clientId } = properties;
  if (typeof principalId !== "string" || typeof clientId !== "string") return [];
  const displayName = id.slice(id.lastIndexOf("/") + 1);
  return [{ objectId: principalId, clientId, tenantId: TENANT_ID, displayName, resourceId: id }];
}
