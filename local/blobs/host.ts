import BlobConfiguration from "azurite/dist/src/blob/BlobConfiguration";
import BlobServer from "azurite/dist/src/blob/BlobServer";
import AccountDataStore from "azurite/dist/src/common/AccountDataStore";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

/** The process that runs Azurite (`startAzurite`): its settings come by environment, SIGTERM saves its index and ends it. */
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
  let closing = false;
  process.on("SIGTERM", () => {
    if (closing) return;
    closing = true;
    server.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  });
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
