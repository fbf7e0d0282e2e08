import { existsSync, readFileSync } from "node:fs";
import type { Agent, Dispatcher, ProxyAgent } from "undici";
import type { Json } from "../../json";

export interface HttpRequest {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Undefined when the body is empty or not JSON. */
  readonly body: Json | undefined;
}

export type Transport = (request: HttpRequest) => Promise<HttpResponse>;

/**
 * HTTPS to Azure's names through the local Azure's door. Its certificate authority is the only one that is trusted here, so that a
 * request that went past the door fails and nothing is ever said to a real cloud.
 */
export function localTransport(env: NodeJS.ProcessEnv = process.env): Transport {
  const authority = env["NODE_EXTRA_CA_CERTS"];
  const proxy = env["HTTPS_PROXY"] ?? env["https_proxy"];
  if (authority === undefined || !existsSync(authority)) {
    throw new Error(
      "This azure-native plugin stands in for the official one and talks only to the local Azure, whose certificate authority NODE_EXTRA_CA_CERTS names; " +
        `it is ${authority === undefined ? "not set" : `"${authority}", which is not there`}. Run the command through \`npm run local -- exec\`.`,
    );
  }
  let dispatcher: Dispatcher | undefined;
  return async (request) => {
    const undici = await import("undici");
    dispatcher ??= dispatcherFor(undici, readFileSync(authority, "utf8"), proxy);
    const response = await undici
      .request(request.url, {
        method: request.method,
        headers: request.headers,
        body: request.body,
        signal: request.signal,
        dispatcher,
      })
      .catch((error: NodeJS.ErrnoException) => {
        throw isUnreachable(error) ? new Error(unreachable, { cause: error }) : error;
      });
    const text = await response.body.text();
    return { status: response.statusCode, headers: response.headers, body: jsonOf(text) };
  };
}

const unreachable =
  "The local Azure does not answer: it was ended or killed meanwhile. `npm run local` starts it again and goes on from here.";

function isUnreachable({ code }: NodeJS.ErrnoException): boolean {
  return ["ECONNREFUSED", "ECONNRESET", "UND_ERR_SOCKET", "EPIPE"].includes(String(code));
}

function dispatcherFor(
  undici: { Agent: typeof Agent; ProxyAgent: typeof ProxyAgent },
  authority: string,
  proxy: string | undefined,
): Dispatcher {
  // Long-running creates are polled: no request itself takes long, but a model's first start may keep ARM busy.
  const limits = { headersTimeout: 300_000, bodyTimeout: 300_000 };
  return proxy === undefined
    ? new undici.Agent({ ...limits, connect: { ca: authority } })
    : new undici.ProxyAgent({ ...limits, uri: proxy, requestTls: { ca: authority }, proxyTunnel: true });
}

function jsonOf(text: string): Json | undefined {
  try {
    return text === "" ? undefined : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}
