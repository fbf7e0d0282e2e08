import type { Store } from "./arm/store";

const ASSET_VERSION = /\/versions\/[^/]+$/i;

/** The store, in which a version of a model, of code or data stands only when its blobs are on disk: a crash loses neither or both. */
export function blobsFirst(store: Store, saveBlobs: () => Promise<void>): Store {
  return {
    ...store,
    put: async (resource) => {
      if (ASSET_VERSION.test(resource.id)) await saveBlobs();
      await store.put(resource);
    },
  };
}
