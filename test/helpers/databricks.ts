import { randomUUID } from "node:crypto";
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer, json, text } from "node:stream/consumers";
import { DatabricksStore, type WriteAsked } from "./databricks-store";

/** The workspace that is stood in for. */
export const DATABRICKS_HOST = "adb-1234567890123456.7.azuredatabricks.net";
/** Who the token is of. */
const USER = "deployer@example.com";
const API = "/api/2.0/mlflow/";
const ROOT = "dbfs:/databricks/mlflow-tracking/";

/** An MLflow server behind Databricks' address, token rule and ways to artifacts. */
export interface DatabricksStandIn {
  /** `http://127.0.0.1:…`, for whoever maps the host's name to it. */
  readonly url: string;
  /** The only token that it takes. */
  readonly token: string;
  /** Where files are written. */
  readonly store: DatabricksStore;
  /** How many requests had no such token. */
  refused(): number;
  stop(): Promise<void>;
}

interface Answer {
  readonly status?: number;
  readonly body: object;
}

/**
 * As MLflow's own client for Databricks expects it: artifacts are at `dbfs:/databricks/mlflow-tracking`, listed by run or by version, and read and
 * written at signed addresses, where the token must not be shown; experiments are named by paths whose folders are there; the registry has no aliases,
 * and a version is ready only when it is looked at again. How the real one signs and what its stores answer is not known here.
 *
 * @param mlflow address of an MLflow server
 */
export async function startDatabricks(mlflow: string): Promise<DatabricksStandIn> {
  const token = `dapi${randomUUID().replaceAll("-", "")}`;
  /** Addresses to read at that were given out, by their signature. */
  const readable = new Map<string, string>();
  const folders = new Set(["/Shared", `/Users/${USER}`]);
  let refused = 0;

  const artifactsOf = async (runId: string): Promise<string> => {
    const { run } = (await ask(`${mlflow}${API}runs/get?run_id=${runId}`)) as {
      run: { info: { artifact_uri: string } };
    };
    return `${mlflow}/api/2.0/mlflow-artifacts/artifacts/${run.info.artifact_uri.replace("mlflow-artifacts:/", "")}`;
  };
  const store = new DatabricksStore(DATABRICKS_HOST, async (file, bytes) => {
    const [run = "", ...path] = file.split("/");
    await ask(`${await artifactsOf(run)}/${path.map(encodeURIComponent).join("/")}`, "PUT", bytes);
  });
  const readAddress = async (runId: string, path: string): Promise<object> => {
    const signature = randomUUID();
    readable.set(
      signature,
      `${await artifactsOf(runId)}/${path.split("/").map(encodeURIComponent).join("/")}`,
    );
    return {
      run_id: runId,
      path,
      signed_uri: `https://${DATABRICKS_HOST}/store/${encodeURI(path)}?sig=${signature}`,
      headers: [{ name: "x-signed-for", value: signature }],
      type: store.kind,
    };
  };
  const signedToRead = async ({ run_id, path }: { run_id: string; path: string[] }): Promise<Answer> => ({
    body: { credential_infos: await Promise.all(path.map((one) => readAddress(run_id, one))) },
  });

  /** The files of a version are those that its source had, below the version. */
  const ofVersion = async (query: URLSearchParams, signed: boolean): Promise<Answer> => {
    const { model_version } = (await ask(
      `${mlflow}${API}model-versions/get?${new URLSearchParams({ name: query.get("name") ?? "", version: query.get("version") ?? "" })}`,
    )) as { model_version: { source: string } };
    const [, run = "", folder = ""] = /\/([0-9a-f]{32})\/artifacts\/(.*)$/.exec(model_version.source) ?? [];
    const inner = query.get("path") ?? "";
    const path = inner === "" ? folder : `${folder}/${inner}`;
    if (signed) return { body: await readAddress(run, path) };
    const listed = (await ask(
      `${mlflow}${API}artifacts/list?${new URLSearchParams({ run_id: run, path })}`,
    )) as { files?: { path: string; is_dir: boolean }[] };
    const below = (one: { path: string }): object => ({ ...one, path: one.path.slice(folder.length + 1) });
    return { body: { files: (listed.files ?? []).map(below) } };
  };

  const atSigned = async (incoming: IncomingMessage, outgoing: ServerResponse, url: URL): Promise<void> => {
    const signature = url.searchParams.get("sig") ?? "";
    const { authorization, "x-signed-for": header } = incoming.headers;
    const place = readable.get(signature);
    if (incoming.method === "GET" && place !== undefined && header === signature && !authorization)
      return passOn(incoming, outgoing, place);
    const { method = "", headers } = incoming;
    const answered = await store.answer(method, url, headers, await buffer(incoming));
    outgoing.writeHead(answered.status, answered.headers).end();
  };

  /** What Databricks answers by itself; undefined for what MLflow's server does. */
  const own = async (
    method: string,
    path: string,
    body: Buffer,
    query: URLSearchParams,
  ): Promise<Answer | undefined> => {
    const asked = (): unknown =>
      body.length === 0 ? Object.fromEntries(query) : JSON.parse(body.toString());
    if (path === "/api/2.0/preview/scim/v2/Me") return { body: { userName: USER } };
    if (path === "/api/2.0/workspace/mkdirs") {
      folders.add((asked() as { path: string }).path);
      return { body: {} };
    }
    // Databricks serves no artifacts itself.
    if (!path.startsWith(API)) return failure(404, "ENDPOINT_NOT_FOUND", "no such API");
    const api = path.slice(API.length);
    if (api === "artifacts/credentials-for-read") return await signedToRead(asked() as never);
    if (api === "model-versions/list-artifacts") return await ofVersion(query, false);
    if (api === "model-versions/get-signed-download-uri") return await ofVersion(query, true);
    if (api === "registered-models/alias") return failure(404, "ENDPOINT_NOT_FOUND", "no such API");
    if (api === "experiments/create" && method === "POST") {
      const { name } = asked() as { name: string };
      const folder = name.slice(0, name.lastIndexOf("/"));
      if (!name.startsWith("/"))
        return failure(400, "INVALID_PARAMETER_VALUE", "Experiment name must be an absolute path");
      if (!folders.has(folder))
        return failure(404, "RESOURCE_DOES_NOT_EXIST", `Parent directory ${folder} does not exist.`);
    }
    if (!api.startsWith("artifacts/") || api === "artifacts/list") return undefined;
    const written = await store.api(api, asked() as WriteAsked);
    return written && { body: written };
  };

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const url = new URL(incoming.url ?? "", mlflow);
    if (url.pathname.startsWith("/store/")) return await atSigned(incoming, outgoing, url);
    const body = await buffer(incoming);
    outgoing.setHeader("content-type", "application/json");
    if (incoming.headers.authorization !== `Bearer ${token}`) {
      refused += 1;
      outgoing.writeHead(401).end("Credential was not sent or was of an unsupported type for this API.");
      return;
    }
    const answered = await own(incoming.method ?? "", url.pathname, body, url.searchParams);
    if (answered !== undefined) {
      outgoing.writeHead(answered.status ?? 200).end(JSON.stringify(answered.body));
      return;
    }
    const pending = url.pathname === `${API}model-versions/create`;
    passOn(incoming, outgoing, `${mlflow}${incoming.url ?? ""}`, body, (reply) => {
      const shown = reply.replaceAll("mlflow-artifacts:/", ROOT);
      outgoing.end(pending ? shown.replace('"READY"', '"PENDING_REGISTRATION"') : shown);
    });
  };

  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    store,
    refused: () => refused,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function failure(status: number, code: string, message: string): Answer {
  return { status, body: { error_code: code, message } };
}

async function ask(url: string, method = "GET", body: Buffer = Buffer.alloc(0)): Promise<unknown> {
  return await new Promise((resolve, reject) => {
    const headers = method === "GET" ? {} : { "content-length": body.length };
    const asked = forward(url, { method, headers }, (reply) => {
      if (reply.statusCode === 200) json(reply).then(resolve, reject);
      else reject(new Error(`${method} ${url}: ${reply.statusCode}`));
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

/** @param rewritten takes the whole answer; without it, it is passed on as it comes */
function passOn(
  { method, headers }: IncomingMessage,
  outgoing: ServerResponse,
  url: string,
  body: Buffer = Buffer.alloc(0),
  rewritten?: (reply: string) => void,
): void {
  const onward = forward(url, { method, headers: { ...headers, authorization: "" } }, (reply) => {
    outgoing.statusCode = reply.statusCode ?? 502;
    if (rewritten === undefined) reply.pipe(outgoing);
    else void text(reply).then(rewritten, () => outgoing.destroy());
  });
  onward.on("error", () => outgoing.destroy());
  onward.end(body);
}
