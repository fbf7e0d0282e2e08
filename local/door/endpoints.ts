import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { Agent, buildConnector, request as send } from "undici";
import { metadataEndpoints } from "../arm/metadata";
import { endpointTarget, fromEndpoints, toEndpoints } from "./endpoint-paths";

/** Bytes of a body that is read whole. */
const MOST = 64 * 1024 * 1024;
/** Of a connection, not of a request; and the length of a body may become another. */
const NOT_PASSED = [
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
];
const TEXT = /^(application\/(problem\+)?json|text\/)/i;

/** The way in without a proxy: everything at `https://127.0.0.1:PORT`, told apart by its path. */
export interface Endpoints {
  handle(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
}

/**
 * @param certificate of the authority, PEM
 * @param doorPort the door's own: what is asked here goes there by Azure's name, through the same checks as by the other way
 */
export function createEndpoints(
  certificate: string,
  doorPort: () => number,
  log: (line: string) => void,
): Endpoints {
  const connect = buildConnector({ ca: certificate });
  const agent = new Agent({
    connect: (options, done) =>
      connect(
        { ...options, hostname: "127.0.0.1", port: String(doorPort()), servername: options.hostname },
        done,
      ),
  });
  return {
    handle: (request, response) => {
      answer(agent, request, response).catch((error: unknown) => {
        log(`endpoints: ${(error as Error).message}`);
        if (response.headersSent) response.destroy();
        else
          response.writeHead(502, { "content-type": "text/plain" }).end("The local Azure does not answer.\n");
      });
    },
    close: async () => await agent.destroy(),
  };
}

async function answer(agent: Agent, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = "GET", headers } = request;
  // Azure CLI puts its own slash after the one that Resource Manager's address ends in.
  const url = (request.url ?? "/").replace(/^\/+/, "/");
  const authority = headers.host ?? "";
  const target = endpointTarget(url);
  if (url.startsWith("/metadata/endpoints?") || url === "/metadata/endpoints") {
    respondJson(response, endpointMetadata(url, authority));
    return;
  }
  if (target === undefined) {
    request.resume();
    response
      .writeHead(404, { "content-type": "text/plain; charset=utf-8" })
      .end("Nothing of the local Azure has this path.\n");
    return;
  }
  const rewritten = !target.bytes && TEXT.test(headers["content-type"] ?? "");
  const upstream = await send(`https://${target.host}${target.path}`, {
    dispatcher: agent,
    method: method as "GET",
    headers: passed(headers, target.bytes),
    body: hasBody(headers) ? (rewritten ? fromEndpoints(await textOf(request), authority) : request) : null,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const isText = !target.bytes && TEXT.test(String(upstream.headers["content-type"] ?? ""));
  const named = Object.entries(upstream.headers)
    .filter(
      ([name]) =>
        !(isText ? NOT_PASSED : NOT_PASSED.filter((each) => each !== "content-length")).includes(name),
    )
    .map(([name, value]) => [
      name,
      typeof value === "string" && !target.bytes ? toEndpoints(value, authority) : value,
    ]);
  response.writeHead(upstream.statusCode, Object.fromEntries(named) as Record<string, string>);
  if (isText) response.end(toEndpoints(await upstream.body.text(), authority));
  else await pipeline(upstream.body, response);
}

function passed(headers: IncomingHttpHeaders, bytes: boolean): Record<string, string> {
  const kept = Object.entries(headers).filter(
    ([name, value]) =>
      value !== undefined &&
      (!NOT_PASSED.includes(name) || (bytes && name === "content-length")) &&
      // Python makes it of the account's name in `https://ACCOUNT.blob.local@…`, beside a signature.
      !(name === "authorization" && /^Basic /i.test(String(value))),
  );
  return {
    ...Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
    ...(bytes ? {} : { "accept-encoding": "identity" }),
  };
}

function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MOST) throw new Error(`a body of more than ${MOST} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * The cloud by its endpoints. `account` in the query names the storage account that Azure ML's clients find by the cloud's suffix: they put
 * `ACCOUNT.blob.` before it, which an address without names can only take before an `@`.
 */
function endpointMetadata(url: string, authority: string): object {
  const query = new URL(url, "https://127.0.0.1").searchParams;
  const account = query.get("account");
  return Object(
    metadataEndpoints(query.get("api-version") ?? "2022-09-01", {
      name: "LocalAzure",
      portal: "https://portal.azure.local",
      resourceManager: `https://${authority}/`,
      loginEndpoint: `https://${authority}/`,
      audiences: [`https://${authority}/`],
      ...(account === null ? {} : { storage: `local@${authority}/${account}` }),
    }),
  ) as object;
}

function respondJson(response: ServerResponse, body: object): void {
  response.writeHead(200, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(body));
}
