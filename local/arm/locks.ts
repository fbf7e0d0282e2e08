import type { Arm } from "./resource-type";
import { ArmError } from "./errors";
import { objectAt } from "./objects";
import type { StoredResource } from "./store";

export const LOCKS = "Microsoft.Authorization/locks";

/** What each level of a lock still lets through. */
const PREVENTS: Readonly<Record<string, readonly string[]>> = {
  CanNotDelete: ["delete"],
  ReadOnly: ["delete", "write", "action"],
};

/**
 * @param id what is deleted, written or asked to act
 * @throws ArmError where a lock at it or above it is in the way; of a deletion, below it too
 */
export function checkLocks({ store }: Arm, operation: "delete" | "write" | "action", id: string): void {
  const target = id.toLowerCase();
  const locked = store
    .list("/subscriptions/")
    .filter((lock) => lock.body["type"] === LOCKS && prevents(lock, operation))
    .map(scopeOf)
    .filter((scope) => isIn(target, scope) || (operation === "delete" && isIn(scope, target)));
  if (locked.length === 0) return;
  throw new ArmError(
    409,
    "ScopeLocked",
    `The scope '${id}' cannot perform ${operation} operation because following scope(s) are locked: '${locked.join(",")}'. Please remove the lock and try again.`,
  );
}

function prevents({ body }: StoredResource, operation: string): boolean {
  return PREVENTS[String(objectAt(body, "properties")["level"])]?.includes(operation) === true;
}

function scopeOf({ id }: StoredResource): string {
  const at = id.toLowerCase();
  return at.slice(0, at.lastIndexOf("/providers/microsoft.authorization/locks/"));
}

function isIn(id: string, scope: string): boolean {
  return id === scope || id.startsWith(`${scope}/`);
}
