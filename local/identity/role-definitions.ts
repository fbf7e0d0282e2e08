import type { Store } from "../arm/store";
import { allows, BUILT_IN, type Permission } from "./role-actions";
import { ROLES } from "./roles";

/** Custom roles are the tenant's, whatever scope they were put at: they are kept beside ARM's ids, found by GUID. */
const FOLDER = "entra/role-definitions/";

/** A role of the tenant's own. */
export interface CustomRole {
  /** GUID in lower case. */
  readonly name: string;
  readonly roleName: string;
  readonly permissions: readonly Permission[];
  /** Where it may be assigned: these scopes and what is below them. */
  readonly assignableScopes: readonly string[];
}

export function customRoles(store: Store): CustomRole[] {
  return store.list(FOLDER).map(({ internal }) => internal as unknown as CustomRole);
}

export async function keepCustomRole(store: Store, role: CustomRole): Promise<void> {
  await store.put({ id: FOLDER + role.name, body: {}, internal: JSON.parse(JSON.stringify(role)) as never });
}

export async function forgetCustomRole(store: Store, name: string): Promise<void> {
  await store.delete(FOLDER + name);
}

/**
 * GUIDs of the roles, built-in and custom, that allow the action.
 *
 * @param action `Microsoft.MachineLearningServices/workspaces/models/write`
 */
export function rolesAllowing(store: Store, action: string): string[] {
  const custom = customRoles(store).filter(({ permissions }) => allows(permissions, action));
  return [...builtInAllowing(action), ...custom.map(({ name }) => name)];
}

const known = new Map<string, readonly string[]>();

function builtInAllowing(action: string): readonly string[] {
  const lower = action.toLowerCase();
  let found = known.get(lower);
  if (found === undefined) {
    found = Object.entries(ROLES)
      .filter(([name]) => allows([BUILT_IN[name as keyof typeof ROLES]], lower))
      .map(([, guid]) => guid);
    known.set(lower, found);
  }
  return found;
}
