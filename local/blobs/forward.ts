import type { IncomingMessage, ServerResponse } from "node:http";
import { PassThrough, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Pool } from "undici";
import type { Azurite } from "./azurite";
import { publicAddress } from "./copy-source";
import { StorageError } from "./storage-error";

/** Sends requests on to Azurite and its answers back, as they come: nothing is held in memory. */
export interface Forwarder {
  /**
   * @param path path and query at Azurite
   * @param replaced headers that differ from the client's; undefined for those that go no further
   * @param lost whether the answer gets lost, and the connection with it
   * @throws StorageError when Azurite can't be reached; what happens after the answer has begun ends the connection
   */
  forward(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    replaced: Readonly<Record<string, string | undefined>>,
    lost?: boolean,
  ): Promise<void>;
  close(): Promise<void>;
}

const hopByHop = new Set([
  "connection",
  "expect",
  "host",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

export function createForwarder(azurite: Pick<Azurite, "port">): Forwarder {
  const pool = new Pool(`http://127.0.0.1:${azurite.port}`, {
    connections: 64,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  return {
    forward: async (request, response, path, replaced, lost = false) => {
      const abort = new AbortController();
      const gone = (): void => abort.abort();
      response.on("close", gone);
      try {
        const answer = await pool.request({
          method: request.method as "GET",
          path,
          headers: requestHeaders(request, replaced),
          body: requestBody(request),
          signal: abort.signal,
          responseHeaders: "raw",
        });
        if (lost) {
          await answer.body.dump();
          response.destroy();
          return;
        }
        const headers = responseHeaders(answer.headers as unknown as readonly Buffer[] | readonly string[]);
        if (isList(path)) {
          const text = (await answer.body.text()).replaceAll(
            /http:\/\/127\.0\.0\.1:\d+\/[^<"]*/g,
            publicAddress,
          );
          response.writeHead(answer.statusCode, [
            ...without(headers, "content-length"),
            "content-length",
            String(Buffer.byteLength(text)),
          ]);
          response.end(text);
          return;
        }
        response.writeHead(answer.statusCode, headers);
        await pipeline(answer.body, response);
      } catch (error) {
        if (response.headersSent || abort.signal.aborted) response.destroy();
        else throw unreachable(error);
      } finally {
        response.off("close", gone);
      }
    },
    close: async () => await pool.destroy(),
  };
}

/** Lists hold Azurite's own address, and what copies came from. */
function isList(path: string): boolean {
  return /[?&]comp=list(&|$)/.test(path);
}

export function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers["content-length"];
  return length === undefined ? headers["transfer-encoding"] !== undefined : length !== "0";
}

/**
 * The client's body through a stream of its own: when Azurite answers before it has read all, that stream is given up, not the
 * client's connection, which has yet to carry the answer.
 */
function requestBody(request: IncomingMessage): Readable | null {
  if (!hasBody(request)) return null;
  const body = new PassThrough();
  body.on("close", () => {
    request.unpipe(body);
    request.resume();
  });
  request.on("close", () => {
    if (!request.complete) body.destroy();
  });
  return request.pipe(body);
}

function requestHeaders(
  { rawHeaders }: IncomingMessage,
  replaced: Readonly<Record<string, string | undefined>>,
): string[] {
  const headers: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    const lower = name.toLowerCase();
    if (!hopByHop.has(lower) && !(lower in replaced)) headers.push(name, rawHeaders[index + 1] ?? "");
  }
  for (const [name, value] of Object.entries(replaced)) if (value !== undefined) headers.push(name, value);
  return headers;
}

/** Flat names and values, in the case that Azurite wrote: metadata keeps it. */
function responseHeaders(raw: readonly (Buffer | string)[]): string[] {
  const headers: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = String(raw[index]);
    const value = Buffer.from(raw[index + 1] ?? "").toString("latin1");
    const lower = name.toLowerCase();
    if (hopByHop.has(lower)) continue;
    headers.push(name, lower === "x-ms-copy-source" ? publicAddress(value) : value);
  }
  return headers;
}

function without(headers: readonly string[], name: string): string[] {
  return headers.filter((_, index) => headers[index - (index % 2)]?.toLowerCase() !== name);
}

function unreachable(error: unknown): StorageError {
  return new StorageError(
    500,
    "InternalError",
    `The server encountered an internal error: the local blob store doesn't answer (${(error as Error).message}).`,
  );
}
