import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { plainEnvironment, startChild } from "../../local/children";
import { freePort } from "../../local/ports";

/** MLflow's own server, as its users start it, with a folder of its own. */
export interface MlflowServerProcess {
  /** `http://127.0.0.1:…` */
  readonly url: string;
  /** Where its artifacts are. */
  readonly artifacts: string;
  stop(): Promise<void>;
}

/** Milliseconds; a busy machine takes half a minute to import MLflow. */
const START_TIME = 120_000;

/** A server whose artifacts are in blobs instead of its folder. */
export interface BlobArtifacts {
  /** `wasbs://CONTAINER@ACCOUNT.blob.core.windows.net/PATH` */
  readonly destination: string;
  readonly connectionString: string;
}

/** Who may do everything on a server that has users of its own, `--app-name basic-auth`. */
export interface Administrator {
  readonly username: string;
  readonly password: string;
}

/**
 * @param python of an environment with MLflow: its version is the server's
 * @throws Error with the server's log where it ends, or doesn't answer in two minutes
 */
export async function startMlflowServer(
  python: string,
  { blobs, administrator }: { readonly blobs?: BlobArtifacts; readonly administrator?: Administrator } = {},
): Promise<MlflowServerProcess> {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-azureml-mlflow-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const artifacts = join(folder, "artifacts");
  const logFile = join(folder, "server.log");
  const database = `sqlite:///${join(folder, "mlflow.db")}`;
  const options = [
    "--backend-store-uri",
    database,
    "--artifacts-destination",
    blobs?.destination ?? artifacts,
    "--workers",
    "1",
    ...(administrator === undefined ? [] : ["--app-name", "basic-auth"]),
  ];
  const users = join(folder, "basic_auth.ini");
  if (administrator !== undefined) writeFileSync(users, usersOf(folder, administrator), { mode: 0o600 });
  const child = startChild(
    [python, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", String(port), ...options],
    {
      cwd: folder,
      logFile,
      env: plainEnvironment({
        MLFLOW_DISABLE_TELEMETRY: "true",
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false",
        GIT_PYTHON_REFRESH: "quiet",
        DO_NOT_TRACK: "true",
        ...(blobs && { AZURE_STORAGE_CONNECTION_STRING: blobs.connectionString }),
        ...(administrator && {
          MLFLOW_AUTH_CONFIG_PATH: users,
          MLFLOW_FLASK_SERVER_SECRET_KEY: randomUUID(),
        }),
      }),
    },
  );
  let ended = false;
  void child.exited.then(() => (ended = true));
  const stop = async (): Promise<void> => {
    await child.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  const end = Date.now() + START_TIME;
  while (!(await answers(`${url}/health`))) {
    if (ended || Date.now() > end) {
      const log = readFileSync(logFile, "utf8");
      await stop();
      throw new Error(
        `MLflow's server did not start${ended ? "" : ` within ${START_TIME / 1000} s`}:\n${log}`,
      );
    }
    await sleep(100);
  }
  return { url, artifacts, stop };
}

function usersOf(folder: string, { username, password }: Administrator): string {
  return [
    "[mlflow]",
    "default_permission = READ",
    `database_uri = sqlite:///${join(folder, "users.db")}`,
    `admin_username = ${username}`,
    `admin_password = ${password}`,
    "authorization_function = mlflow.server.auth:authenticate_request_basic_auth",
    "",
  ].join("\n");
}

async function answers(url: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const asked = forward(url, { timeout: 5_000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(false));
    asked.end();
  });
}

/** What a door does with a request: a status to answer in the server's place, `hold` it without an answer, or pass it on and lose the answer. */
export type Verdict = number | "hold" | "lose" | undefined;

interface Door {
  readonly url: string;
  stop(): Promise<void>;
}

/** A door in front of a server. @param judge asked at each request; undefined lets it pass */
export async function startDoor(
  target: string,
  judge: (incoming: IncomingMessage) => Verdict,
): Promise<Door> {
  const server: Server = createServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
    const verdict = judge(incoming);
    if (typeof verdict === "number" || verdict === "hold") {
      incoming.resume();
      if (verdict !== "hold") outgoing.writeHead(verdict).end("refused at the door");
      return;
    }
    const onward = forward(
      `${target}${incoming.url ?? ""}`,
      { method: incoming.method, headers: incoming.headers },
      (answer) => {
        if (verdict === "lose") return void answer.resume().on("end", () => outgoing.destroy());
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A door in front of a server that lets nobody in without this `authorization`. */
export async function startGuard(
  target: string,
  authorization: string,
): Promise<Door & { readonly refused: () => number }> {
  let refused = 0;
  const door = await startDoor(target, ({ headers }) => {
    if (headers.authorization === authorization) return undefined;
    refused += 1;
    return 401;
  });
  return { ...door, refused: () => refused };
}
