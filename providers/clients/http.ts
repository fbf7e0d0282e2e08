import {
  createDefaultHttpClient,
  getDefaultProxySettings,
  RestError,
  type HttpClient,
  type PipelineRequest,
} from "@azure/core-rest-pipeline";
import type { RequestPolicyFactory } from "@azure/storage-blob";
import { HttpsProxyAgent } from "https-proxy-agent";
import { Agent } from "node:https";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { checkProxy, passesProxy, proxyRefuses } from "./proxy";

/** Milliseconds after which a connection on which nothing moves is given up: what was asked for is tried again on another. */
const IDLE_TIMEOUT = 300_000;

let client: HttpClient | undefined;
let direct: Agent | undefined;
let proxy: HttpsProxyAgent<string> | undefined;

/**
 * What the clients send their requests by; one a process. Azure's pipelines make a new connection for each request where a proxy stands
 * between, which costs more than a small upload, and wait for ever for one that has gone silent: here connections are kept, and given up.
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

/** @throws ProviderError where the environment's proxy has no address that can be used */
function createHttpClient(): HttpClient {
  checkProxy();
  const inner = createDefaultHttpClient();
  return {
    async sendRequest(request) {
      keepConnection(request);
      const { abortSignal, timeout, url } = request;
      const limit = limitOf(timeout, abortSignal);
      try {
        const response = await inner.sendRequest(
          Object.assign(request, { timeout: 0, abortSignal: limit.signal }),
        );
        if (response.status === 407) throw proxyRefuses();
        if (response.readableStreamBody === undefined) limit.forget();
        return response;
      } catch (error) {
        limit.forget();
        // At its time-out a request looks as if its caller had called it off: this way it is tried again, and told as what it is.
        if ((error as Error).name !== "AbortError" || abortSignal?.aborted === true) throw error;
        throw timedOut(`${new URL(url).host} has not answered within ${timeout / 1000} s`);
      } finally {
        limit.end();
        Object.assign(request, { timeout, abortSignal });
      }
    },
  };
}

/**
 * A request's time and its caller's signal in one signal. Azure's library leaves its own timer running when a request fails, and a command that has failed
 * would not end before it.
 */
function limitOf(
  timeout: number,
  caller: PipelineRequest["abortSignal"],
): { readonly signal: AbortSignal; end(): void; forget(): void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const timer = timeout > 0 ? setTimeout(abort, timeout) : undefined;
  if (caller?.aborted === true) abort();
  caller?.addEventListener("abort", abort);
  return {
    signal: controller.signal,
    end: () => clearTimeout(timer),
    // Of a stream, whose caller may call it off later, it is kept.
    forget: () => caller?.removeEventListener("abort", abort),
  };
}

/** Whether the request goes through the proxy has been decided by then, but for what only other programs read in NO_PROXY: it has an agent. */
function keepConnection(request: { readonly url: string; agent?: HttpClientAgent }): void {
  if (!request.url.startsWith("https:")) return;
  const past = passesProxy(request.url, process.env["NO_PROXY"] ?? process.env["no_proxy"]);
  if (request.agent === undefined || past) request.agent = direct ??= new DirectAgent(KEPT);
  else if (request.agent !== direct) request.agent = proxy ??= proxyAgent();
}

type HttpClientAgent = Parameters<HttpClient["sendRequest"]>[0]["agent"];

const KEPT = { keepAlive: true, timeout: IDLE_TIMEOUT };

function proxyAgent(): HttpsProxyAgent<string> | undefined {
  const { host, port, username = "", password = "" } = getDefaultProxySettings() ?? {};
  if (host === undefined) return undefined;
  const url = Object.assign(new URL(host), { port: String(port), username, password });
  return new TlsProxyAgent(url.href, KEPT);
}

class DirectAgent extends Agent {
  override createConnection(...of: Parameters<Agent["createConnection"]>): Duplex | null | undefined {
    return givenUpWhenIdle(super.createConnection(...of));
  }

  override reuseSocket(...of: Parameters<Agent["reuseSocket"]>): void {
    super.reuseSocket(...of);
    startIdleTime(of[0]);
  }
}

type Connect = HttpsProxyAgent<string>["connect"];

class TlsProxyAgent extends HttpsProxyAgent<string> {
  /** Its base guesses by the call stack whether TLS is wanted, differently when a connection becomes free: it would be kept and never used. */
  override isSecureEndpoint(): boolean {
    return true;
  }

  override async connect(...of: Parameters<Connect>): ReturnType<Connect> {
    let waiting: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_resolve, reject) => {
      waiting = setTimeout(() => reject(timedOut("the proxy does not answer")), IDLE_TIMEOUT);
    });
    try {
      return givenUpWhenIdle(await Promise.race([super.connect(...of), silence]));
    } finally {
      clearTimeout(waiting);
    }
  }

  override reuseSocket(...of: Parameters<Agent["reuseSocket"]>): void {
    super.reuseSocket(...of);
    startIdleTime(of[0]);
  }
}

function givenUpWhenIdle<T>(socket: T): T {
  if (!(socket instanceof Socket)) return socket;
  socket.on("timeout", () => socket.destroy(timedOut(`nothing came for ${IDLE_TIMEOUT / 1000} s`)));
  startIdleTime(socket);
  return socket;
}

/** While it was free a connection had the time that its server had named. */
function startIdleTime(socket: Duplex): void {
  if (socket instanceof Socket) socket.setTimeout(IDLE_TIMEOUT);
}

/** What the clients' retries take for a connection that failed. */
function timedOut(message: string): RestError {
  return new RestError(message, { code: "ETIMEDOUT" });
}
