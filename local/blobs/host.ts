import BlobConfiguration from "azurite/dist/src/blob/BlobConfiguration";
import BlobServer from "azurite/dist/src/blob/BlobServer";
import AccountDataStore from "azurite/dist/src/common/AccountDataStore";
import { mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { sameSecret } from "../identity/same-secret";
import { createSaver } from "./index-saver";

/**
 * The process that runs Azurite (`startAzurite`): its settings come by environment, SIGTERM saves its index and ends it. A POST to the
 * saving port, with the key, is answered when the index is saved: 204, or 507 with the reason when it can't be.
 */
async function host(): Promise<void> {
  const folder = setting("BLOBS_FOLDER");
  const key1 = Buffer.from(setting("BLOBS_KEY"), "base64");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // The front decides which accounts there are: here any name is one, all under the same key.
  AccountDataStore.prototype.getAccount = (name: string) => ({ name, key1 });
  const server = new BlobServer(
    new BlobConfiguration(
      "127.0.0.1",
      Number(setting("BLOBS_PORT")),
      60,
      join(folder, "blobs.json"),
      join(folder, "extents.json"),
      [{ locationId: "Default", locationPath: join(folder, "extents"), maxConcurrency: 50 }],
      false,
      undefined,
      false,
      undefined,
      false,
      true,
      "",
      "",
      "",
      undefined,
      true,
    ),
  );
  const savers = [server.extentMetadataStore.db, server.metadataStore.db].map(createSaver);
  const saving = createServer((request, response) => {
    if (!sameSecret(request.headers.authorization ?? "", setting("BLOBS_KEY"))) {
      response.writeHead(401).end();
      return;
    }
    Promise.all(savers.map((save) => save())).then(
      () => response.writeHead(204).end(),
      (error: unknown) => response.writeHead(507).end((error as Error).message),
    );
  });
  let closing = false;
  process.on("SIGTERM", () => {
    if (closing) return;
    closing = true;
    server.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  });
  saving.listen(Number(setting("BLOBS_SAVING_PORT")), "127.0.0.1");
  await server.start();
}

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

function fail(error: unknown): never {
  process.stderr.write(`${String((error as Error).stack ?? error)}\n`);
  process.exit(1);
}

host().catch(fail);
