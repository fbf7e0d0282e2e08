import {
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
  type HttpMethods,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import type { Readable } from "node:stream";
import { credential, type AnyCredential } from "./credential";
import { ProviderError } from "./errors";
import { httpClient } from "./http";
import { mlflowErrorOf } from "./mlflow-error";
import { addressOf, type MlflowServer } from "./mlflow-server";

/** Milliseconds for the answer to one request. */
const REQUEST_TIMEOUT = 60_000;
/** Milliseconds after which a transfer that has stopped is given up. */
const IDLE_TIMEOUT = 300_000;

type Query = Readonly<Record<string, string | number>>;

/** An MLflow server's REST API, with throttling, retries and the environment's proxy. */
export interface Mlflow {
  /** Tracking URI's own address, to tell servers apart. */
  readonly address: string;
  /** Whether it is an Azure ML workspace's, whose registry is not quite MLflow's. */
  readonly azure: boolean;
  /** @param path below `api/2.0/mlflow/`, `runs/get`. @throws MlflowError */
  get<T>(path: string, query: Query, within?: AbortSignal): Promise<T>;
  /** @throws MlflowError */
  send<T>(method: "POST" | "PATCH" | "DELETE", path: string, body: object): Promise<T>;
  /** A POST that makes something each time: it is not repeated where its answer was lost. @throws MlflowError, or what cut it off */
  sendOnce<T>(path: string, body: object): Promise<T>;
  /** Every element that the pages of an answer have under `key`. @throws MlflowError */
  list<T>(path: string, query: Query, key: string, within?: AbortSignal): Promise<T[]>;
  /** Any other answer of the server in JSON. @param path from the server's root. @throws MlflowError */
  read<T>(path: string, query: Query, within?: AbortSignal): Promise<T>;
  /** Any other request with a body. @param path from the server's root. @throws MlflowError */
  post<T>(path: string, body: object): Promise<T>;
  /** A file of the server, from its first byte on. @param path from the server's root. @throws MlflowError */
  open(path: string, query?: Query): Promise<Readable>;
  /** @param path from the server's root. @param body opened again where the request is repeated. @throws MlflowError */
  put(path: string, body: () => Readable, length: number): Promise<void>;
}

export interface MlflowOptions {
  readonly credential?: () => TokenCredential;
  readonly environment?: NodeJS.ProcessEnv;
  readonly httpClient?: HttpClient;
}

/** @throws ProviderError where the server can't be called as it is written */
export function createMlflow(server: MlflowServer, options: MlflowOptions = {}): Mlflow {
  const { base, azure, authorization } = addressOf(
    server,
    options.environment ?? process.env,
    options.credential ?? credential,
  );
  const client = options.httpClient ?? httpClient();
  // No redirect is followed: it leads to a page for signing in, and what signs a request is for this server alone.
  const pipeline = createPipelineFromOptions({ redirectOptions: { maxRetries: 0 } });
  pipeline.addPolicy(
    {
      name: "mlflowAuthorization",
      async sendRequest(request, next) {
        const signed = async (): Promise<PipelineResponse> => {
          const value = await authorization();
          if (value !== undefined) request.headers.set("authorization", value);
          return await next(request);
        };
        const response = await signed();
        const { body } = request;
        const again = body === undefined || typeof body === "string" || body instanceof Uint8Array;
        if (response.status !== 401 || !azure || !again) return response;
        // It has been refused before it ended, as after it was revoked: once more, with a new one.
        const signedInAs: AnyCredential = (options.credential ?? credential)();
        if (signedInAs.renew === undefined) return response;
        signedInAs.renew();
        return await signed();
      },
    },
    // After the retries, so that a retry signs in again where the token has run out.
    { phase: "Sign" },
  );
  const withoutRetries = pipeline.clone();
  withoutRetries.removePolicy({ name: "defaultRetryPolicy" });

  function requestOf(method: HttpMethods, path: string, query: Query = {}): PipelineRequest {
    const pairs = Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]);
    const text = pairs.length === 0 ? "" : `?${new URLSearchParams(pairs).toString()}`;
    return createPipelineRequest({
      method,
      url: `${base}/${path}${text}`,
      timeout: REQUEST_TIMEOUT,
      allowInsecureConnection: base.startsWith("http:"),
    });
  }

  async function succeed(
    request: PipelineRequest,
    within?: AbortSignal,
    through = pipeline,
  ): Promise<PipelineResponse> {
    if (within !== undefined) request.abortSignal = within;
    const response = await through.sendRequest(client, request);
    if (response.status < 200 || response.status >= 300) throw mlflowErrorOf(response);
    return response;
  }

  const read = async <T>(path: string, query: Query, within?: AbortSignal): Promise<T> =>
    parsed<T>(await succeed(requestOf("GET", path, query), within));
  const get = async <T>(path: string, query: Query, within?: AbortSignal): Promise<T> =>
    await read<T>(`api/2.0/mlflow/${path}`, query, within);

  return {
    address: base,
    azure,
    get,
    read,
    async send<T>(method: HttpMethods, path: string, body: object) {
      return parsed<T>(await succeed(withBody(requestOf(method, `api/2.0/mlflow/${path}`), body)));
    },
    async post<T>(path: string, body: object) {
      return parsed<T>(await succeed(withBody(requestOf("POST", path), body)));
    },
    async sendOnce<T>(path: string, body: object) {
      const request = withBody(requestOf("POST", `api/2.0/mlflow/${path}`), body);
      return parsed<T>(await succeed(request, undefined, withoutRetries));
    },
    async list<T>(path: string, query: Query, key: string, within?: AbortSignal) {
      const elements: T[] = [];
      for (let token: string | undefined = ""; token !== undefined;) {
        const page: Readonly<Record<string, unknown>> = await get(
          path,
          { ...query, ...(token === "" ? {} : { page_token: token }) },
          within,
        );
        elements.push(...((page[key] ?? []) as T[]));
        token = (page["next_page_token"] as string | undefined) || undefined;
      }
      return elements;
    },
    async open(path, query) {
      return await openStream(
        (request) => pipeline.sendRequest(client, request),
        requestOf("GET", path, query),
      );
    },
    async put(path, body, length) {
      const request = requestOf("PUT", path);
      request.timeout = 0;
      request.headers.set("content-type", "application/octet-stream");
      request.headers.set("content-length", String(length));
      const stopped = new AbortController();
      const bodies: Readable[] = [];
      let failure: Error | undefined;
      request.body = () => {
        const stream = watched(body(), () => stopped.abort());
        // What can't be read to its end must not arrive as if it could.
        stream.once("error", (error) => {
          failure = error;
          stopped.abort();
        });
        bodies.push(stream);
        return stream;
      };
      try {
        await succeed(request, stopped.signal);
      } catch (error) {
        throw failure ?? error;
      } finally {
        for (const stream of bodies) stream.destroy();
      }
    },
  };
}

function withBody(request: PipelineRequest, body: object): PipelineRequest {
  request.headers.set("content-type", "application/json");
  request.body = JSON.stringify(body);
  return request;
}

/**
 * The body of an answer as it comes.
 *
 * @throws MlflowError
 */
export async function openStream(
  send: (request: PipelineRequest) => Promise<PipelineResponse>,
  request: PipelineRequest,
): Promise<Readable> {
  const stopped = new AbortController();
  // The whole transfer may take as long as it needs; what ends it is that nothing comes.
  request.timeout = 0;
  request.abortSignal = stopped.signal;
  request.streamResponseStatusCodes = new Set([200]);
  const answer = setTimeout(() => stopped.abort(), REQUEST_TIMEOUT);
  const response = await send(request).finally(() => clearTimeout(answer));
  if (response.status !== 200) throw mlflowErrorOf(response);
  return watched(response.readableStreamBody as Readable, () => stopped.abort());
}

/** Ends a stream out of which nothing comes any more. */
function watched(stream: Readable, stop: () => void): Readable {
  const idle = setTimeout(() => {
    stop();
    stream.destroy(new ProviderError({ what: `nothing came for ${IDLE_TIMEOUT / 1000} s` }));
  }, IDLE_TIMEOUT);
  stream.on("data", () => idle.refresh());
  stream.once("close", () => clearTimeout(idle));
  stream.pause();
  return stream;
}

function parsed<T>({ bodyAsText, request, status, headers }: PipelineResponse): T {
  try {
    return JSON.parse(bodyAsText || "{}") as T;
  } catch {
    throw mlflowErrorOf({ request, status, headers, bodyAsText: "" });
  }
}
