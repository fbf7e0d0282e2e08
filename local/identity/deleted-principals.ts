import type { Store } from "../arm/store";

const FOLDER = "entra/deleted/";

/** Notes that this principal is gone: tokens that it still holds are taken no more. */
export async function noteDeleted(store: Store, objectId: string): Promise<void> {
  await store.put({ id: FOLDER + objectId, body: {}, internal: {} });
}

export function isDeleted(store: Store, objectId: string): boolean {
  return store.get(FOLDER + objectId) !== undefined;
}
