import {
  bearerTokenAuthenticationPolicy,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
} from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import type { Readable } from "node:stream";
import { credential } from "./credential";
import { ProviderError } from "./errors";
import { httpClient } from "./http";

/** Milliseconds until a server begins to answer, and between two parts of its answer. */
const IDLE_TIMEOUT = 60_000;
/** Of blob storage's REST API; the first that takes Entra's tokens is older. */
const STORAGE_VERSION = "2021-12-02";

/** A file as a server gives it. */
export interface Download {
  /** What the server changes with the content: its ETag, or else time and length; undefined where it tells neither. */
  readonly validator: string | undefined;
  /** Read to its end, or destroyed. */
  readonly body: Readable;
}

export interface DownloadOptions {
  readonly credential?: () => TokenCredential;
  readonly httpClient?: HttpClient;
}

/**
 * A file by its HTTPS address, redirects followed, with retries until it begins. A blob's address without a signature is asked as whoever runs
 * the command; any other is asked by nobody.
 *
 * @throws ProviderError for an answer that is no file
 */
export async function download(
  url: string,
  within?: AbortSignal,
  options: DownloadOptions = {},
): Promise<Download> {
  const { hostname, origin, pathname, searchParams } = new URL(url);
  // The client refuses what isn't HTTPS, where a redirect leads too.
  const pipeline = createPipelineFromOptions({
    redirectOptions: { maxRetries: 5, allowCrossOriginRedirects: true },
  });
  const stopped = new AbortController();
  const request = createPipelineRequest({
    url,
    abortSignal: within === undefined ? stopped.signal : AbortSignal.any([within, stopped.signal]),
    streamResponseStatusCodes: new Set([200]),
  });
  if (/^[a-z0-9]{3,24}\.blob\./.test(hostname) && !searchParams.has("sig")) {
    request.headers.set("x-ms-version", STORAGE_VERSION);
    const scopes = "https://storage.azure.com/.default";
    const signer = (options.credential ?? credential)();
    pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential: signer, scopes }), { phase: "Sign" });
  }
  const idle = setTimeout(() => stopped.abort(), IDLE_TIMEOUT);
  const response = await pipeline
    .sendRequest(options.httpClient ?? httpClient(), request)
    .finally(() => clearTimeout(idle));
  const body = response.readableStreamBody as Readable | undefined;
  if (response.status !== 200 || body === undefined)
    throw new ProviderError({ what: `the server answers ${response.status}`, where: origin + pathname });
  endWhenIdle(body);
  const [etag, time, length] = ["etag", "last-modified", "content-length"].map((name) =>
    response.headers.get(name),
  );
  return { validator: etag ?? (time && length ? `${time} ${length}` : undefined), body };
}

function endWhenIdle(body: Readable): void {
  const idle = setTimeout(
    () => body.destroy(new ProviderError({ what: `nothing came for ${IDLE_TIMEOUT / 1000} s` })),
    IDLE_TIMEOUT,
  );
  body.on("data", () => idle.refresh());
  body.once("close", () => clearTimeout(idle));
  body.pause();
}
