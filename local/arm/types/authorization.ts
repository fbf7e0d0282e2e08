import { ArmError } from "../errors";
import { objectAt, pick, stringAt } from "../objects";
import { lastName } from "../path";
import type { Arm, Made, PutRequest, ResourceType } from "../resource-type";
import type { StoredResource } from "../store";
import { requiredString } from "./envelope";
import { definitionId, GUID, isAssignable, roleDefinitionType } from "./role-definitions";

const ASSIGNMENTS = "Microsoft.Authorization/roleAssignments";

function makeAssignment({ arm, body, existing, id, name, principal }: PutRequest): Made {
  if (!GUID.test(name)) {
    const message = `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`;
    throw new ArmError(400, "InvalidRoleAssignmentId", message);
  }
  const wanted = objectAt(body, "properties");
  const principalId = requiredString(
    wanted,
    "principalId",
    "properties.principalId",
    "InvalidCreateRoleAssignmentRequest",
  );
  const roleId = requiredString(
    wanted,
    "roleDefinitionId",
    "properties.roleDefinitionId",
    "InvalidCreateRoleAssignmentRequest",
  );
  if (!GUID.test(principalId)) {
    throw new ArmError(
      400,
      "InvalidPrincipalId",
      "A valid principal ID must be provided for role assignment.",
    );
  }
  const roleName = lastName(roleId).toLowerCase();
  const scope = id.slice(0, id.toLowerCase().lastIndexOf("/providers/microsoft.authorization/"));
  if (!isAssignable(arm, roleName, scope)) {
    const message = `The specified role definition with ID '${roleName.replaceAll("-", "")}' does not exist.`;
    throw new ArmError(404, "RoleDefinitionDoesNotExist", message);
  }
  const key = { principalId: principalId.toLowerCase(), role: roleName };
  if (existing !== undefined && !matches(existing, key)) {
    const message = "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.";
    throw new ArmError(400, "RoleAssignmentUpdateNotPermitted", message);
  }
  const other =
    existing === undefined ? assignmentsAt(arm, scope).find((each) => matches(each, key)) : undefined;
  if (other !== undefined) {
    throw new ArmError(
      409,
      "RoleAssignmentExists",
      `The role assignment already exists. The ID of the existing role assignment is ${lastName(other.id).replaceAll("-", "")}.`,
    );
  }
  const before = objectAt(existing?.body ?? {}, "properties");
  const now = arm.now().toISOString();
  return {
    body: {
      properties: {
        roleDefinitionId: definitionId(roleName),
        principalId,
        principalType: stringAt(wanted, "principalType") ?? "ServicePrincipal",
        scope: scope === "" ? "/" : scope,
        condition: wanted["condition"] ?? null,
        conditionVersion: wanted["conditionVersion"] ?? null,
        ...pick(wanted, ["description", "delegatedManagedIdentityResourceId"]),
        createdOn: before["createdOn"] ?? now,
        updatedOn: now,
        createdBy: before["createdBy"] ?? principal.objectId,
        updatedBy: principal.objectId,
      },
    },
  };
}

function matches(
  { body }: StoredResource,
  { principalId, role }: { principalId: string; role: string },
): boolean {
  const properties = objectAt(body, "properties");
  return (
    String(properties["principalId"]).toLowerCase() === principalId &&
    lastName(String(properties["roleDefinitionId"])).toLowerCase() === role
  );
}

function assignmentsAt({ store }: Arm, scope: string): StoredResource[] {
  return store.list(`${scope}/providers/${ASSIGNMENTS}/`);
}

/** At the scope and above it; without `$filter=atScope()` below it as well. */
function collectAssignments(
  arm: Arm,
  scope: string,
  query: Readonly<Record<string, string>>,
): StoredResource[] {
  const filter = query["$filter"] ?? "";
  const principalId = /principalId eq '([^']*)'/i.exec(filter)?.[1]?.toLowerCase();
  const above = scope.split("/").map((_, index, parts) => parts.slice(0, parts.length - index).join("/"));
  const found = above.flatMap((at) => assignmentsAt(arm, at));
  if (!/atScope\(\)/i.test(filter)) {
    const below = arm.store.list(`${scope}/`).filter(({ body }) => body["type"] === ASSIGNMENTS);
    found.push(...below.filter(({ id }) => found.every((known) => known.id !== id)));
  }
  if (principalId === undefined) return found;
  return found.filter(
    ({ body }) => String(objectAt(body, "properties")["principalId"]).toLowerCase() === principalId,
  );
}

/** Microsoft.Authorization: role assignments at any scope, and the roles they may name. */
export const authorizationTypes: readonly ResourceType[] = [
  {
    type: ASSIGNMENTS,
    apiVersions: ["2018-09-01-preview", "2020-04-01-preview", "2022-04-01"],
    scope: "any",
    make: makeAssignment,
    collect: collectAssignments,
  },
  roleDefinitionType,
];
