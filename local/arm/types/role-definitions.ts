import { SUBSCRIPTION_ID } from "../../cloud";
import { BUILT_IN, type Permission } from "../../identity/role-actions";
import { customRoles, forgetCustomRole, keepCustomRole } from "../../identity/role-definitions";
import { ROLES } from "../../identity/roles";
import type { Json, JsonObject } from "../../json";
import { ArmError } from "../errors";
import { isObject, objectAt, stringAt } from "../objects";
import { lastName } from "../path";
import type { DeleteRequest, Made, PutRequest, ResourceType } from "../resource-type";
import type { StoredResource } from "../store";
import { requiredString } from "./envelope";

export const DEFINITIONS = "Microsoft.Authorization/roleDefinitions";
export const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** By what id a definition is known, whatever scope it was asked for at. */
export function definitionId(guid: string): string {
  return `/subscriptions/${SUBSCRIPTION_ID}/providers/${DEFINITIONS}/${guid}`;
}

export function isBuiltIn(guid: string): boolean {
  return Object.values<string>(ROLES).includes(guid.toLowerCase());
}

function invalid(message: string): ArmError {
  return new ArmError(400, "InvalidRoleDefinition", message);
}

function makeDefinition({ arm, body, existing, name, principal }: PutRequest): Made {
  if (!GUID.test(name))
    throw new ArmError(
      400,
      "InvalidRoleDefinitionId",
      `The role definition ID '${name}' is not valid: it must be a GUID.`,
    );
  if (isBuiltIn(name))
    throw new ArmError(
      403,
      "RoleDefinitionUpdateNotPermitted",
      `'${name}' is a built-in role; those never change.`,
    );
  const wanted = objectAt(body, "properties");
  const roleName = requiredString(wanted, "roleName", "properties.roleName", "InvalidRoleDefinition");
  const others = customRoles(arm.store).filter((role) => role.name !== name.toLowerCase());
  if (roleName in ROLES || others.some((role) => role.roleName.toLowerCase() === roleName.toLowerCase())) {
    const message = `A custom role with the same name already exists in this directory. Use a different name than '${roleName}'.`;
    throw new ArmError(409, "RoleDefinitionWithSameNameExists", message);
  }
  const type = stringAt(wanted, "type") ?? "CustomRole";
  if (type !== "CustomRole") throw invalid(`properties.type is '${type}', and has to be 'CustomRole'.`);
  const before = objectAt(existing?.body ?? {}, "properties");
  const now = arm.now().toISOString();
  return {
    body: {
      properties: {
        roleName,
        type,
        description: stringAt(wanted, "description") ?? "",
        assignableScopes: scopesOf(wanted["assignableScopes"]),
        permissions: permissionsOf(wanted["permissions"]).map((each) => ({ ...each })) as unknown as Json,
        createdOn: before["createdOn"] ?? now,
        updatedOn: now,
        createdBy: before["createdBy"] ?? principal.objectId,
        updatedBy: principal.objectId,
      },
    },
  };
}

function scopesOf(given: Json | undefined): string[] {
  const scopes = Array.isArray(given) ? given.map(String) : [];
  const wrong = scopes.find((scope) => !/^\/subscriptions\/[^/*]+(\/[^*]+[^/*])?$/i.test(scope));
  if (scopes.length === 0 || wrong !== undefined) {
    throw invalid(
      `properties.assignableScopes names at least one subscription, resource group or resource, without wildcards${wrong === undefined ? "" : `; '${wrong}' is none`}.`,
    );
  }
  return scopes;
}

function permissionsOf(given: Json | undefined): Permission[] {
  const permissions = (Array.isArray(given) ? given : []).filter(isObject).map((each) => ({
    actions: actionsOf(each, "actions"),
    notActions: actionsOf(each, "notActions"),
    dataActions: actionsOf(each, "dataActions"),
    notDataActions: actionsOf(each, "notDataActions"),
  }));
  if (permissions.every(({ actions, dataActions }) => actions.length + dataActions.length === 0))
    throw invalid("properties.permissions allows nothing: name actions or dataActions.");
  return permissions;
}

function actionsOf(permission: JsonObject, kind: string): string[] {
  const given = permission[kind];
  const actions = Array.isArray(given) ? given.map(String) : [];
  const wrong = actions.find((action) => !/^(\*|(\*|[A-Za-z0-9.]+)(\/[A-Za-z0-9.*_-]+)+)$/.test(action));
  if (wrong === undefined) return actions;
  throw invalid(
    `'${wrong}' in ${kind} does not match any of the actions supported by the providers: PROVIDER/TYPE/VERB, or '*' for pieces of it.`,
  );
}

function checkUnassigned({ arm, name }: DeleteRequest): void {
  if (isBuiltIn(name))
    throw new ArmError(
      403,
      "RoleDefinitionUpdateNotPermitted",
      `'${name}' is a built-in role; those never end.`,
    );
  const assigned = arm.store
    .list("/")
    .find(
      ({ body }) =>
        body["type"] === "Microsoft.Authorization/roleAssignments" &&
        lastName(String(objectAt(body, "properties")["roleDefinitionId"])).toLowerCase() ===
          name.toLowerCase(),
    );
  if (assigned === undefined) return;
  const message = `There are existing role assignments referencing role (code: RoleDefinitionHasAssignments): ${assigned.id}.`;
  throw new ArmError(400, "RoleDefinitionHasAssignments", message);
}

function builtIn([roleName, guid]: readonly [string, string]): StoredResource {
  const id = definitionId(guid);
  const permission = BUILT_IN[roleName as keyof typeof ROLES];
  const properties: JsonObject = {
    roleName,
    type: "BuiltInRole",
    description: "",
    assignableScopes: ["/"],
    permissions: [{ ...permission }] as unknown as Json,
  };
  return { id, body: { id, name: guid, type: DEFINITIONS, properties }, internal: {} };
}

/** Microsoft.Authorization/roleDefinitions: the built-in roles, and the tenant's own, kept by GUID at the subscription. */
export const roleDefinitionType: ResourceType = {
  type: DEFINITIONS,
  apiVersions: ["2018-01-01-preview", "2022-04-01", "2022-05-01-preview"],
  scope: "any",
  keptAt: (id) => definitionId(lastName(id).toLowerCase()),
  updatedStatus: 201,
  make: makeDefinition,
  beforeDelete: checkUnassigned,
  write: async (arm, { id, body }) => {
    const properties = objectAt(body, "properties");
    await keepCustomRole(arm.store, {
      name: lastName(id).toLowerCase(),
      roleName: String(properties["roleName"]),
      permissions: properties["permissions"] as unknown as readonly Permission[],
      assignableScopes: properties["assignableScopes"] as readonly string[],
    });
  },
  erase: async (arm, { id }) => await forgetCustomRole(arm.store, lastName(id).toLowerCase()),
  implied: (_arm, id) => {
    const found = Object.entries(ROLES).find(([, guid]) => guid === lastName(id).toLowerCase());
    return found === undefined ? undefined : builtIn(found);
  },
  collect: (arm, _scope, query) => {
    const wanted = /roleName eq '([^']*)'/i.exec(query["$filter"] ?? "")?.[1];
    const own = customRoles(arm.store).flatMap(({ name }) => arm.store.get(definitionId(name)) ?? []);
    return [...Object.entries(ROLES).map(builtIn), ...own].filter(
      ({ body }) => wanted === undefined || objectAt(body, "properties")["roleName"] === wanted,
    );
  },
};

/** Whether the role may be assigned at the scope; its GUID is in lower case. */
export function isAssignable(arm: PutRequest["arm"], guid: string, scope: string): boolean {
  if (isBuiltIn(guid)) return true;
  const role = customRoles(arm.store).find(({ name }) => name === guid);
  const at = `${scope.toLowerCase()}/`;
  return role?.assignableScopes.some((each) => at.startsWith(`${each.toLowerCase()}/`)) === true;
}
