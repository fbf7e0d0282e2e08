import { fork, type ChildProcess } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import { plainEnvironment } from "./children";
import { installEnvironment } from "./environments/install-environment";
import { readIfThere } from "./files";
import type { Json } from "./json";
import { whileStarting } from "./lock";
import { processStart } from "./process-identity";
import { readSecrets } from "./secrets";
import type { Run, StatePaths } from "./state";
import { buildDigest } from "./build-digest";
import { UserError } from "./user-error";

/** What the daemon tells the command that started it. */
export type StartMessage =
  | { readonly kind: "progress"; readonly text: string }
  | { readonly kind: "ready"; readonly run: Run }
  | { readonly kind: "failed"; readonly reason: string };

/** The running local Azure of this state folder, whichever command started it; undefined when there is none. */
export function findRunning(paths: StatePaths): Run | undefined {
  const text = readIfThere(paths.run);
  if (text === undefined) return undefined;
  const run = JSON.parse(text) as Run;
  return processStart(run.pid) === run.started ? run : undefined;
}

/** Starts the local Azure unless it runs already with the present code; resolves when every part answers. */
export async function ensureRunning(paths: StatePaths, progress: (text: string) => void): Promise<Run> {
  const found = findRunning(paths);
  if (found?.build === buildDigest()) return found;
  return await whileStarting(paths, async () => {
    const running = findRunning(paths);
    if (running?.build === buildDigest()) return running;
    if (running !== undefined) {
      progress("the local Azure's code has changed: restarting it");
      await stopRunning(paths);
    }
    return await start(paths, progress);
  });
}

/** Ends the local Azure and all that it started; resolves when its process is gone. False when none was running. */
export async function stopRunning(paths: StatePaths): Promise<boolean> {
  const run = findRunning(paths);
  if (run === undefined) return false;
  process.kill(run.pid, "SIGTERM");
  const deadline = Date.now() + 30_000;
  while (processStart(run.pid) === run.started) {
    if (Date.now() > deadline) {
      process.kill(run.pid, "SIGKILL");
      break;
    }
    await sleep(25);
  }
  return true;
}

/**
 * Asks the running local Azure's administration, which answers only to its own secret.
 *
 * @param setting what `path` is set to; without it nothing changes
 */
export async function askAdmin<T>(paths: StatePaths, run: Run, path: string, setting?: Json): Promise<T> {
  const { statusCode, body } = await request(`http://127.0.0.1:${run.ports.http}/admin/${path}`, {
    method: setting === undefined ? "GET" : "PUT",
    headers: { "x-admin-secret": readSecrets(paths).adminSecret, "content-type": "application/json" },
    body: setting === undefined ? null : JSON.stringify(setting),
  });
  const answer = await body.text();
  if (statusCode === 400) throw new UserError(answer);
  if (statusCode !== 200) throw new UserError(`The local Azure answered ${statusCode} to ${path}: ${answer}`);
  return JSON.parse(answer) as T;
}

async function start(paths: StatePaths, progress: (text: string) => void): Promise<Run> {
  mkdirSync(paths.folder, { recursive: true, mode: 0o700 });
  const log = openSync(paths.log, "a", 0o600);
  const daemon = fork(join(__dirname, "daemon"), [], {
    detached: true,
    stdio: ["ignore", log, log, "ipc"],
    env: plainEnvironment({
      PULUMI_AZUREML_LOCAL: paths.folder,
      PULUMI_AZUREML_LOCAL_DATABRICKS: process.env["PULUMI_AZUREML_LOCAL_DATABRICKS"],
      PULUMI_AZUREML_LOCAL_GITHUB: process.env["PULUMI_AZUREML_LOCAL_GITHUB"],
      PULUMI_AZUREML_LOCAL_ROLE_SECONDS: process.env["PULUMI_AZUREML_LOCAL_ROLE_SECONDS"],
      PULUMI_AZUREML_LOCAL_SPEED: process.env["PULUMI_AZUREML_LOCAL_SPEED"],
      ...installEnvironment(),
    }),
  });
  closeSync(log);
  try {
    return await readiness(daemon, paths, progress);
  } finally {
    if (daemon.connected) daemon.disconnect();
    daemon.unref();
  }
}

function readiness(daemon: ChildProcess, paths: StatePaths, progress: (text: string) => void): Promise<Run> {
  return new Promise((resolve, reject) => {
    daemon.on("message", (message: StartMessage) => {
      if (message.kind === "progress") progress(message.text);
      else if (message.kind === "ready") resolve(message.run);
      else reject(new UserError(message.reason));
    });
    daemon.on("error", reject);
    daemon.on("exit", (code) => {
      reject(
        new UserError(
          `The local Azure ended at its start (exit code ${code}); the reason is at the end of ${paths.log}.`,
        ),
      );
    });
  });
}
