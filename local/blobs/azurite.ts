import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import { plainEnvironment, startChild } from "../children";
import { freePort } from "../ports";
import type { StatePaths } from "../state";

/** Azurite's blob server, on loopback, for the front and the daemon's own parts: it asks for no token, only for its key. */
export interface Azurite {
  readonly port: number;
  readonly pid: number;
  /** Base64; good for every account name, and for this run of the process alone. */
  readonly key: string;
  /** Resolves with the exit code when it has ended, for whatever reason. */
  readonly exited: Promise<number>;
  /** Saves its index, which it does by itself every 5 s. @throws Error with the reason when it can't be written */
  save(): Promise<void>;
  /** Ends it after it has saved its index. */
  stop(): Promise<void>;
}

/** Starts Azurite over what `paths.blobs` holds; resolves when it answers. It ends with this process, even when this one is killed. */
export async function startAzurite(paths: Pick<StatePaths, "folder" | "blobs">): Promise<Azurite> {
  const port = await freePort();
  const savingPort = await freePort();
  const key = randomBytes(64).toString("base64");
  const logFile = join(paths.folder, "azurite.log");
  const child = startChild([process.execPath, ...nodeArguments(join(__dirname, "host"))], {
    env: plainEnvironment({
      BLOBS_FOLDER: paths.blobs,
      BLOBS_PORT: String(port),
      BLOBS_SAVING_PORT: String(savingPort),
      BLOBS_KEY: key,
      AZURITE_DISABLE_TELEMETRY: "true",
    }),
    logFile,
  });
  let ended: number | undefined;
  void child.exited.then((code) => (ended = code));
  const deadline = Date.now() + 60_000;
  while (!(await answers(port))) {
    if (ended === undefined && Date.now() < deadline) {
      await sleep(25);
      continue;
    }
    await child.stop();
    throw new Error(
      `Azurite did not start (exit code ${ended ?? "none"}); the reason is at the end of ${logFile}.`,
    );
  }
  return {
    port,
    pid: child.pid,
    key,
    exited: child.exited,
    save: () => save(savingPort, key),
    stop: () => child.stop(),
  };
}

async function save(port: number, key: string): Promise<void> {
  const { statusCode, body } = await request(`http://127.0.0.1:${port}/`, {
    method: "POST",
    headers: { authorization: key },
  });
  const reason = await body.text();
  if (statusCode !== 204) throw new Error(`Azurite could not save its index: ${reason}`);
}

/** What `node` is given to run a module of this package: built, or from source as the tests are. */
export function nodeArguments(module: string): string[] {
  return __filename.endsWith(".ts")
    ? ["-r", "ts-node/register/transpile-only", `${module}.ts`]
    : [`${module}.js`];
}

async function answers(port: number): Promise<boolean> {
  try {
    const { body } = await request(`http://127.0.0.1:${port}/`);
    await body.dump();
    return true;
  } catch {
    return false;
  }
}
