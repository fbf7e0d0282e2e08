import { open } from "lmdb";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import type { Store, StoredResource } from "./store";

/** Sorts after every character that an id can hold. */
const BEYOND = "\uffff";

/** ARM's resources in an lmdb folder; ids are keys in lower case. A resolved write is committed and synced to disk. */
export function openStore(folder: string): Store {
  // Without overlapping sync a commit is on disk before its promise resolves.
  const database = open<StoredResource, string>({
    path: folder,
    overlappingSync: false,
    cache: false,
    encoding: "json",
  });
  // Keys and hashes of secrets are in it.
  for (const file of ["data.mdb", "lock.mdb"]) chmodSync(join(folder, file), 0o600);
  return {
    get: (id) => database.get(id.toLowerCase()),
    list: (prefix) => {
      const start = prefix.toLowerCase();
      return Array.from(database.getRange({ start, end: start + BEYOND }), ({ value }) => value);
    },
    put: async (resource) => {
      await database.put(resource.id.toLowerCase(), resource);
    },
    delete: async (id) => {
      await database.remove(id.toLowerCase());
    },
    close: () => database.close(),
  };
}
