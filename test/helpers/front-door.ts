import execa from "execa";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAccountKeys, type AccountKeys } from "../../local/blobs/account-keys";
import { startAzurite, type Azurite } from "../../local/blobs/azurite";
import { createBlobAccess, type BlobAccess } from "../../local/blobs/access";
import { createBlobFront } from "../../local/blobs/front";
import { plainEnvironment } from "../../local/children";
import { openAuthority } from "../../local/door/authority";
import { createProxy } from "../../local/door/proxy";
import { createDoor } from "../../local/door/server";
import { localEnvironment } from "../../local/environment";
import { createIdentity, type Identity } from "../../local/identity/identity";
import { readSecrets } from "../../local/secrets";
import { statePaths, type Run, type Secrets, type StatePaths } from "../../local/state";
import { packageRoot } from "../../tools/paths";
import { MemoryStore } from "./memory-store";

/** Sign-in and blobs of the local Azure behind its door, in this process, in a folder of its own. */
export interface FrontDoor {
  readonly store: MemoryStore;
  readonly identity: Identity;
  readonly azurite: Azurite;
  readonly blobs: BlobAccess;
  readonly keys: AccountKeys;
  readonly secrets: Secrets;
  readonly paths: StatePaths;
  /** What the proxy refused. */
  readonly log: string[];
  /** What a client is started with: the proxy, the authority and the deployer's credentials, nothing else. */
  readonly environment: NodeJS.ProcessEnv;
  /** Runs a client in a process of its own. */
  run(command: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<execa.ExecaReturnValue>;
  close(): Promise<void>;
}

export async function openFrontDoor(): Promise<FrontDoor> {
  const paths = statePaths(mkdtempSync(join(tmpdir(), "pulumi-azureml-door-")));
  const secrets = readSecrets(paths);
  const store = new MemoryStore();
  const log: string[] = [];
  const identity = await createIdentity({ store, secrets, paths });
  const azurite = await startAzurite(paths);
  const keys = createAccountKeys(secrets, store);
  const { verifier, access } = identity;
  const front = createBlobFront({ store, verifier, access, azurite, keys, log: (line) => log.push(line) });
  const door = await createDoor({
    authority: await openAuthority(paths),
    parts: { identity: identity.app, blobs: front.app },
  });
  const proxy = await createProxy({ doorPort: door.port, log: (line) => log.push(line) });
  const run: Run = {
    pid: process.pid,
    started: "",
    build: "",
    ports: { proxy: proxy.port, tls: door.port, http: 0 },
    processes: { blobs: { pid: azurite.pid, started: "" } },
    clock: { speed: 1, since: 0 },
  };
  const environment = plainEnvironment(localEnvironment(paths, secrets, run));
  return {
    store,
    identity,
    azurite,
    blobs: createBlobAccess(azurite),
    keys,
    secrets,
    paths,
    log,
    environment,
    run: async (command, args, env = {}) =>
      await execa(command, args, {
        cwd: packageRoot(),
        env: { ...environment, ...env },
        extendEnv: false,
        reject: false,
      }),
    close: async () => {
      await proxy.close();
      await door.close();
      await front.close();
      await identity.close();
      await azurite.stop();
      rmSync(paths.folder, { recursive: true, force: true });
    },
  };
}
