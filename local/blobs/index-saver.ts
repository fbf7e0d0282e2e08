import type { Database } from "azurite/dist/src/blob/BlobServer";

/**
 * Makes sure that what a database holds gets to its file. LokiJS takes a change for saved before it is: one save that fails, and what came
 * with it is never written, not even at the end.
 *
 * @returns saves; rejects when the file can't be written
 */
export function createSaver(database: Database): () => Promise<void> {
  const save = database.saveDatabase.bind(database);
  database.saveDatabase = (callback) =>
    save((error) => {
      if (error) for (const collection of database.collections) collection.dirty = true;
      callback?.(error);
    });
  return async () =>
    await new Promise((resolve, reject) =>
      database.saveDatabase((error) => (error ? reject(error) : resolve())),
    );
}
