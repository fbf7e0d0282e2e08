import { createDefaultHttpClient, getDefaultProxySettings, type HttpClient } from "@azure/core-rest-pipeline";
import type { RequestPolicyFactory } from "@azure/storage-blob";
import { HttpsProxyAgent } from "https-proxy-agent";

let client: HttpClient | undefined;
let proxy: HttpsProxyAgent<string> | undefined;

/**
 * What the clients send their requests by; one a process. Azure's pipelines make a new connection for each request where a proxy stands
 * between, which costs more than a small upload: here connections are kept, as they are without a proxy.
 */
export function httpClient(): HttpClient {
  return (client ??= createHttpClient());
}

/** The same for the storage client, which takes no other HTTP client than one of an older kind. */
export const keptConnections: RequestPolicyFactory = {
  create: (next) => ({
    async sendRequest(request) {
      keepConnection(request);
      return await next.sendRequest(request);
    },
  }),
};

function createHttpClient(): HttpClient {
  const inner = createDefaultHttpClient();
  return {
    async sendRequest(request) {
      keepConnection(request);
      return await inner.sendRequest(request);
    },
  };
}

/** Whether the request goes through the proxy has been decided by then, with NO_PROXY: it has an agent. */
function keepConnection(request: { readonly url: string; agent?: HttpClientAgent }): void {
  if (request.agent !== undefined && request.url.startsWith("https:")) request.agent = proxy ??= proxyAgent();
}

type HttpClientAgent = Parameters<HttpClient["sendRequest"]>[0]["agent"];

function proxyAgent(): HttpsProxyAgent<string> | undefined {
  const { host, port, username = "", password = "" } = getDefaultProxySettings() ?? {};
  if (host === undefined) return undefined;
  const url = Object.assign(new URL(host), { port: String(port), username, password });
  return new TlsProxyAgent(url.href, { keepAlive: true });
}

/** Its base guesses by the call stack whether TLS is wanted, differently when a connection becomes free: it would be kept and never used. */
class TlsProxyAgent extends HttpsProxyAgent<string> {
  override isSecureEndpoint(): boolean {
    return true;
  }
}
