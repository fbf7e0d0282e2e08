import { randomUUID } from "node:crypto";
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { json, text } from "node:stream/consumers";

/** The workspace that is stood in for. */
export const DATABRICKS_HOST = "adb-1234567890123456.7.azuredatabricks.net";
const API = "/api/2.0/mlflow/";

/** An MLflow server behind Databricks' address, token rule and ways to artifacts. */
export interface DatabricksStandIn {
  /** `http://127.0.0.1:…`, for whoever maps the host's name to it. */
  readonly url: string;
  /** The only token that it takes. */
  readonly token: string;
  /** How many requests had no such token. */
  refused(): number;
  stop(): Promise<void>;
}

/**
 * As MLflow's own client for Databricks expects it: artifacts are at `dbfs:/databricks/mlflow-tracking`, listed by run, and read and written at signed
 * addresses, where the token must not be shown. How the real one signs and what its stores answer is not known here.
 *
 * @param mlflow address of an MLflow server
 */
export async function startDatabricks(mlflow: string): Promise<DatabricksStandIn> {
  const token = `dapi${randomUUID().replaceAll("-", "")}`;
  /** Addresses that were given out, by their signature. */
  const signed = new Map<string, { readonly method: string; readonly path: string }>();
  let refused = 0;

  const sign = async (incoming: IncomingMessage, method: string): Promise<object> => {
    const { run_id: runId, path: paths } = (await json(incoming)) as { run_id: string; path: string[] };
    const { run } = (await ask(`${mlflow}${API}runs/get?run_id=${runId}`)) as {
      run: { info: { artifact_uri: string } };
    };
    const root = run.info.artifact_uri.replace("mlflow-artifacts:/", "");
    return {
      credential_infos: paths.map((path) => {
        const signature = randomUUID();
        signed.set(signature, { method, path: `${root}/${path}` });
        return {
          run_id: runId,
          path,
          signed_uri: `https://${DATABRICKS_HOST}/signed/${encodeURI(path)}?sig=${signature}`,
          headers: [{ name: "x-signed-for", value: signature }],
          type: "AWS_PRESIGNED_URL",
        };
      }),
    };
  };

  const atSigned = (incoming: IncomingMessage, outgoing: ServerResponse, url: URL): void => {
    const signature = url.searchParams.get("sig") ?? "";
    const place = signed.get(signature);
    const { authorization, "x-signed-for": header } = incoming.headers;
    if (
      place === undefined ||
      place.method !== incoming.method ||
      header !== signature ||
      authorization !== undefined
    ) {
      incoming.resume();
      outgoing.writeHead(403).end("signature and headers don't fit");
      return;
    }
    const path = place.path.split("/").map(encodeURIComponent).join("/");
    passOn(incoming, outgoing, `${mlflow}/api/2.0/mlflow-artifacts/artifacts/${path}`);
  };

  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const url = new URL(incoming.url ?? "", mlflow);
    if (url.pathname.startsWith("/signed/")) return atSigned(incoming, outgoing, url);
    if (incoming.headers.authorization !== `Bearer ${token}`) {
      refused += 1;
      incoming.resume();
      outgoing.writeHead(401).end("Credential was not sent or was of an unsupported type for this API.");
      return;
    }
    for (const [how, method] of [
      ["read", "GET"],
      ["write", "PUT"],
    ] as const)
      if (url.pathname === `${API}artifacts/credentials-for-${how}`) {
        const body = JSON.stringify(await sign(incoming, method));
        outgoing.writeHead(200, { "content-type": "application/json" }).end(body);
        return;
      }
    // Databricks serves no artifacts itself.
    if (url.pathname.startsWith(API)) return rewritten(incoming, outgoing, `${mlflow}${incoming.url ?? ""}`);
    incoming.resume();
    outgoing.writeHead(404).end(JSON.stringify({ error_code: "ENDPOINT_NOT_FOUND", message: "no such API" }));
  };

  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    refused: () => refused,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function ask(url: string): Promise<unknown> {
  return await new Promise((resolve, reject) => {
    const asked = forward(url, (reply) => json(reply).then(resolve, reject));
    asked.on("error", reject);
    asked.end();
  });
}

function passOn(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  url: string,
  answered = (reply: IncomingMessage): unknown => reply.pipe(outgoing),
): void {
  const { method, headers } = incoming;
  const onward = forward(url, { method, headers: { ...headers, authorization: "" } }, (reply) => {
    outgoing.statusCode = reply.statusCode ?? 502;
    answered(reply);
  });
  onward.on("error", () => outgoing.destroy());
  incoming.pipe(onward);
}

/** With the addresses of artifacts as Databricks has them. */
function rewritten(incoming: IncomingMessage, outgoing: ServerResponse, url: string): void {
  passOn(incoming, outgoing, url, (reply) => {
    void text(reply).then((body) => {
      outgoing.setHeader("content-type", "application/json");
      outgoing.end(body.replaceAll("mlflow-artifacts:/", "dbfs:/databricks/mlflow-tracking/"));
    });
  });
}
