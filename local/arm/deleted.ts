import type { Store, StoredResource } from "./store";

const PREFIX = "deleted:";

/** A soft-deleted resource that no API shows; it holds on to its name. */
export interface Deleted {
  readonly resource: StoredResource;
  readonly until: Date;
}

/** What holds on to the id, if it still does. */
export function softDeleted(store: Store, id: string, now: Date): Deleted | undefined {
  const kept = store.get(PREFIX + id);
  if (kept === undefined) return undefined;
  const until = new Date(String(kept.internal["until"]));
  const resource: StoredResource = { ...kept, id: kept.id.slice(PREFIX.length) };
  return until > now ? { resource, until } : undefined;
}

/** Keeps the resource for as many days. */
export function keepDeleted(store: Store, resource: StoredResource, days: number, now: Date): Promise<void> {
  const until = new Date(now.getTime() + days * 24 * 60 * 60 * 1000).toISOString();
  return store.put({ ...resource, id: PREFIX + resource.id, internal: { ...resource.internal, until } });
}

export function forgetDeleted(store: Store, id: string): Promise<void> {
  return store.delete(PREFIX + id);
}
