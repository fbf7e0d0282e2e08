import type { AccessControl, Principal } from "../identity/principal";
import { rolesAllowing } from "../identity/role-definitions";
import { ArmError } from "./errors";
import type { ResourceType } from "./resource-type";
import type { Store } from "./store";

/** @throws ArmError when none of the principal's roles at the scope or above it allows the request. */
export function authorize(
  store: Store,
  access: AccessControl,
  principal: Principal,
  method: string,
  row: ResourceType,
  action: string | undefined,
  scope: string,
): void {
  const done = `${typeInActions(row.type)}/${verbOf(method, action)}`;
  if (!access.hasRole(principal, rolesAllowing(store, done), scope)) throw notAllowed(principal, done, scope);
}

export function notAllowed(principal: Principal, action: string, scope: string): ArmError {
  return new ArmError(
    403,
    "AuthorizationFailed",
    `The client '${principal.clientId}' with object id '${principal.objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

/** As actions name it: what an organisation's registry holds are its `assets`, and what Azure calls `resourceGroups` is in subscriptions. */
function typeInActions(type: string): string {
  if (type === "Microsoft.Resources/resourceGroups")
    return "Microsoft.Resources/subscriptions/resourceGroups";
  return type.replace(/^(Microsoft\.MachineLearningServices\/registries)\/.+$/, "$1/assets");
}

function verbOf(method: string, action: string | undefined): string {
  if (action !== undefined) return `${action}/action`;
  if (method === "GET" || method === "HEAD") return "read";
  return method === "DELETE" ? "delete" : "write";
}
