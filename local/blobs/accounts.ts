import type { Store, StoredResource } from "../arm/store";

/** Storage accounts by name, which is unique in Azure: undefined when ARM holds none. */
export function createAccountLookup(store: Store): (name: string) => StoredResource | undefined {
  const ids = new Map<string, string>();
  const named = (resource: StoredResource | undefined, name: string): boolean =>
    resource !== undefined &&
    resource.internal["softDeleted"] === undefined &&
    String(resource.body["type"]).toLowerCase() === "microsoft.storage/storageaccounts" &&
    resource.id.slice(resource.id.lastIndexOf("/") + 1).toLowerCase() === name;
  return (name) => {
    // Remembering where it was saves a walk through the store for each blob of a large upload.
    const known = ids.get(name);
    const remembered = known === undefined ? undefined : store.get(known);
    if (named(remembered, name)) return remembered;
    const found = store.list("/").find((resource) => named(resource, name));
    if (found === undefined) ids.delete(name);
    else ids.set(name, found.id);
    return found;
  };
}
