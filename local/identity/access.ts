import type { Store } from "../arm/store";
import { DEPLOYER } from "../cloud";
import type { AccessControl } from "./principal";
import { dataRoles } from "./roles";

/**
 * Azure RBAC over the role assignments that ARM holds (`Microsoft.Authorization/roleAssignments`).
 *
 * @param delay milliseconds until an assignment has effect; in Azure that takes up to ten minutes
 */
export function createAccessControl(store: Store, delay = 0): AccessControl {
  return {
    hasRole(principal, roleDefinitionIds, scope) {
      const wanted = new Set(roleDefinitionIds.map(roleGuid));
      const owns = same(principal.objectId, DEPLOYER.objectId);
      if (owns && [...wanted].some((role) => !dataRoles.has(role))) return true;
      return scopesFrom(scope).some((at) =>
        store.list(`${at}/providers/Microsoft.Authorization/roleAssignments/`).some(({ body, internal }) => {
          const properties = Object(body["properties"]) as Record<string, unknown>;
          return (
            internal["softDeleted"] === undefined &&
            same(properties["principalId"], principal.objectId) &&
            wanted.has(roleGuid(String(properties["roleDefinitionId"]))) &&
            !(Date.parse(String(properties["createdOn"])) + delay > Date.now())
          );
        }),
      );
    },
  };
}

/** The scope and every one above it, up to the subscription: `/a/b/c/d` → `/a/b/c/d`, `/a/b/c`, `/a/b`, `/a`. */
export function scopesFrom(scope: string): string[] {
  const segments = scope.split("/").filter((segment) => segment !== "");
  return segments.map((_, index) => `/${segments.slice(0, segments.length - index).join("/")}`);
}

/** Assignments name a role by its ARM id, under the subscription or the tenant; its GUID is what counts. */
function roleGuid(roleDefinitionId: string): string {
  return roleDefinitionId.slice(roleDefinitionId.lastIndexOf("/") + 1).toLowerCase();
}

function same(left: unknown, right: string): boolean {
  return typeof left === "string" && left.toLowerCase() === right.toLowerCase();
}
