import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool, type Dispatcher } from "undici";
import { python } from "../../tools/paths";
import { plainEnvironment, startChild, type Child } from "../children";
import { readIfThere, writeWhole } from "../files";
import { gunicorn } from "../gunicorn";
import type { StatePaths } from "../state";

const START_DEADLINE_MS = 120_000;
const POLL_MS = 40;
/** Names the workspace that a folder belongs to; a folder without it belongs to nobody yet. */
const OWNER_FILE = "workspace";

/** One MLflow tracking server a workspace, each with a folder and a database of its own. */
export interface MlflowServers {
  /**
   * Starts servers ahead of need. Without any workspace: one for the first; resolves when it answers. Otherwise those that the
   * workspaces have, without waiting for them.
   */
  prepare(): Promise<void>;
  /** Gives the workspace a server; resolves when it answers. One that the workspace already has is kept. */
  assign(workspaceId: string): Promise<void>;
  /** Ends the workspace's server and deletes what it held. */
  release(workspaceId: string): Promise<void>;
  /** The way to the workspace's server, which is started if it isn't running; undefined for a workspace without one. */
  connect(workspaceId: string): Promise<Dispatcher | undefined>;
  /** The file of the workspace's database; undefined for a workspace without a server. */
  database(workspaceId: string): string | undefined;
  /** Ends every server; what they hold stays. */
  close(): Promise<void>;
}

interface Running {
  readonly child: Child;
  readonly pool: Pool;
}

/**
 * The servers of the state folder `paths.mlflow`. They listen on Unix sockets in a folder that only this user can enter: no
 * port that a web page or another user could reach past the token check.
 *
 * @param paths where databases and logs are kept
 */
export function createMlflowServers(paths: Pick<StatePaths, "mlflow">): MlflowServers {
  mkdirSync(paths.mlflow, { recursive: true, mode: 0o700 });
  const folders = readAssignments(paths.mlflow);
  const sockets = socketFolder(paths.mlflow);
  const running = new Map<string, Promise<Running>>();
  let spare: string | undefined;
  let closed = false;

  const start = (folder: string): Promise<Running> => {
    if (closed) return Promise.reject(stopping());
    const known = running.get(folder);
    if (known) return known;
    const started = startServer(join(paths.mlflow, folder), join(sockets, folder), () => closed);
    running.set(folder, started);
    const forget = (): void => {
      if (running.get(folder) === started) running.delete(folder);
    };
    started.then(({ child }) => child.exited.then(forget), forget);
    return started;
  };
  const stop = async (folder: string): Promise<void> => {
    const server = await running.get(folder)?.catch(() => undefined);
    if (!server) return;
    running.delete(folder);
    await server.pool.destroy();
    await server.child.stop();
  };

  return {
    prepare: async () => {
      // One that can't start says so to whoever asks for it.
      for (const folder of folders.values()) start(folder).catch(() => undefined);
      if (folders.size > 0) return;
      spare ??= newFolder(paths.mlflow);
      await start(spare);
    },
    assign: async (workspaceId) => {
      const key = workspaceId.toLowerCase();
      let folder = folders.get(key);
      if (folder === undefined) {
        folder = spare ?? newFolder(paths.mlflow);
        spare = undefined;
        folders.set(key, folder);
        writeWhole(join(paths.mlflow, folder, OWNER_FILE), key);
      }
      await start(folder);
    },
    release: async (workspaceId) => {
      const key = workspaceId.toLowerCase();
      const folder = folders.get(key);
      if (folder === undefined) return;
      folders.delete(key);
      await stop(folder);
      rmSync(join(paths.mlflow, folder), { recursive: true, force: true });
    },
    connect: async (workspaceId) => {
      const folder = folders.get(workspaceId.toLowerCase());
      return folder === undefined ? undefined : (await start(folder)).pool;
    },
    database: (workspaceId) => {
      const folder = folders.get(workspaceId.toLowerCase());
      return folder === undefined ? undefined : databaseIn(join(paths.mlflow, folder));
    },
    close: async () => {
      closed = true;
      await Promise.all([...running.keys()].map(stop));
      if (spare !== undefined) rmSync(join(paths.mlflow, spare), { recursive: true, force: true });
      rmSync(sockets, { recursive: true, force: true });
    },
  };
}

/** Longest path of a Unix socket that every system takes, less a socket's name. */
const SOCKET_FOLDER_LIMIT = 90;

function socketFolder(root: string): string {
  const own = `${root}-sockets`;
  if (own.length > SOCKET_FOLDER_LIMIT) return mkdtempSync(join(tmpdir(), "azureml-mlflow-"));
  mkdirSync(own, { recursive: true, mode: 0o700 });
  return own;
}

/** Workspace → folder; folders that were prepared and never assigned are deleted. */
function readAssignments(root: string): Map<string, string> {
  const folders = new Map<string, string>();
  for (const folder of readdirSync(root)) {
    const owner = readIfThere(join(root, folder, OWNER_FILE));
    if (owner === undefined) rmSync(join(root, folder), { recursive: true, force: true });
    else folders.set(owner, folder);
  }
  return folders;
}

function newFolder(root: string): string {
  const folder = randomUUID().slice(0, 8);
  mkdirSync(join(root, folder), { mode: 0o700 });
  return folder;
}

const databaseIn = (folder: string): string => join(folder, "mlflow.db");

async function startServer(folder: string, socketPath: string, isClosed: () => boolean): Promise<Running> {
  rmSync(socketPath, { force: true });
  const database = `sqlite:///${databaseIn(folder)}`;
  const logFile = join(folder, "server.log");
  // gunicorn at once, as `mlflow server` would start it: 1.5 s instead of 3.8 s, since the command line imports MLflow twice.
  const child = startChild(
    gunicorn({
      python,
      folder: "mlflow",
      module: "tracking_server",
      bind: `unix:${socketPath}`,
      timeoutSeconds: 120,
    }),
    {
      cwd: folder,
      logFile,
      env: plainEnvironment({
        _MLFLOW_SERVER_FILE_STORE: database,
        _MLFLOW_SERVER_REGISTRY_STORE: database,
        _MLFLOW_SERVER_ARTIFACT_ROOT: "mlflow-artifacts:/",
        MLFLOW_DISABLE_TELEMETRY: "true",
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false",
        GIT_PYTHON_REFRESH: "quiet",
        DO_NOT_TRACK: "true",
      }),
    },
  );
  const pool = new Pool("http://mlflow", { socketPath, connections: 8 });
  try {
    await untilItAnswers(pool, child, { socketPath, logFile, isClosed });
  } catch (error) {
    await pool.destroy();
    await child.stop();
    throw error;
  }
  return { child, pool };
}

/** The first search makes or migrates the database, so that no user's request waits for it. */
async function untilItAnswers(
  pool: Pool,
  child: Child,
  { socketPath, logFile, isClosed }: { socketPath: string; logFile: string; isClosed: () => boolean },
): Promise<void> {
  let ended = false;
  void child.exited.then(() => (ended = true));
  const deadline = Date.now() + START_DEADLINE_MS;
  while (Date.now() < deadline && !ended && !isClosed()) {
    if (existsSync(socketPath)) {
      const answer = await pool
        .request({ method: "GET", path: "/api/2.0/mlflow/experiments/search?max_results=1" })
        .catch(() => undefined);
      await answer?.body.dump();
      if (answer?.statusCode === 200) return;
    }
    await sleep(POLL_MS);
  }
  if (isClosed()) throw stopping();
  const log = readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-5).join("\n");
  throw new Error(`The workspace's MLflow server did not start (whole log: ${logFile}):\n${log}`);
}

const stopping = (): Error => new Error("The local Azure is stopping.");
