import type { AccessControl, Principal } from "../identity/principal";
import { ArmError } from "./errors";
import type { ResourceType } from "./resource-type";
import { ROLES } from "../identity/roles";

const READERS = [ROLES.Reader, ROLES.Contributor, ROLES.Owner, ROLES["User Access Administrator"]];
const WRITERS = [ROLES.Contributor, ROLES.Owner];
const ASSIGNERS = [ROLES.Owner, ROLES["User Access Administrator"]];

/** @throws ArmError when none of the principal's roles at the scope or above it allows the request. */
export function authorize(
  access: AccessControl,
  principal: Principal,
  method: string,
  row: ResourceType,
  action: string | undefined,
  scope: string,
): void {
  if (access.hasRole(principal, rolesFor(method, row), scope)) return;
  const done = `${row.type}/${verbOf(method, action)}`;
  throw new ArmError(
    403,
    "AuthorizationFailed",
    `The client '${principal.clientId}' with object id '${principal.objectId}' does not have authorization to perform action '${done}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

function rolesFor(method: string, { type }: ResourceType): readonly string[] {
  const scientists = type.startsWith("Microsoft.MachineLearningServices/registries")
    ? [ROLES["AzureML Registry User"]]
    : type.startsWith("Microsoft.MachineLearningServices/")
      ? [ROLES["AzureML Data Scientist"]]
      : [];
  if (method === "GET" || method === "HEAD") return [...READERS, ...scientists];
  if (type.startsWith("Microsoft.Authorization/")) return ASSIGNERS;
  // Workspaces, registries and computes are what a data scientist works in, not what they make.
  const managed = /\/(workspaces(\/computes)?|registries)$/.test(type) && method !== "POST";
  return managed ? WRITERS : [...WRITERS, ...scientists];
}

function verbOf(method: string, action: string | undefined): string {
  if (action !== undefined) return `${action}/action`;
  if (method === "GET" || method === "HEAD") return "read";
  return method === "DELETE" ? "delete" : "write";
}
