import { randomUUID } from "node:crypto";
import { TENANT_ID } from "../../cloud";
import type { JsonObject } from "../../json";
import { badArgument } from "../errors";
import { isObject, objectAt, stringAt } from "../objects";
import type { Store } from "../store";

/**
 * A resource's `identity` with what Azure adds: the principal of a system-assigned identity (the one it has, when it has one) and those
 * of the user-assigned ones, which must be there.
 */
export function completeIdentity(store: Store, wanted: JsonObject, existing: JsonObject): JsonObject {
  const type = stringAt(wanted, "type") ?? "None";
  const identity: JsonObject = { type };
  if (type.includes("SystemAssigned")) {
    identity["principalId"] = stringAt(existing, "principalId") ?? randomUUID();
    identity["tenantId"] = TENANT_ID;
  }
  if (!type.includes("UserAssigned")) return identity;
  const ids = Object.keys(objectAt(wanted, "userAssignedIdentities"));
  if (ids.length === 0) {
    throw badArgument(
      `An identity of type ${type} names at least one identity.`,
      "identity.userAssignedIdentities",
    );
  }
  identity["userAssignedIdentities"] = Object.fromEntries(ids.map((id) => [id, principalOf(store, id)]));
  return identity;
}

function principalOf(store: Store, id: string): JsonObject {
  const properties = objectAt(store.get(id)?.body ?? {}, "properties");
  const { principalId, clientId } = properties;
  if (principalId !== undefined && clientId !== undefined) return { principalId, clientId };
  throw badArgument(`The user-assigned identity '${id}' was not found.`, "identity.userAssignedIdentities");
}

/** `{identity}` of a body, made whole; nothing when the body has none. */
export function identityOf(store: Store, body: JsonObject, existing: JsonObject | undefined): JsonObject {
  const { identity } = body;
  if (!isObject(identity)) return {};
  return { identity: completeIdentity(store, identity, objectAt(existing ?? {}, "identity")) };
}
