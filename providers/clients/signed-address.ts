import {
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
  type HttpMethods,
  type PipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import type { Readable } from "node:stream";
import { ProviderError } from "./errors";
import { httpClient } from "./http";
import { openStream } from "./mlflow";
import { isLoopback } from "./mlflow-server";

/**
 * Where a store takes or gives a file for some minutes: whoever has the address may, so that it is neither said nor kept. Who is signed in to the
 * server that gave it stays unknown to the store.
 */
export interface SignedAddress {
  readonly url: string;
  /** To be sent along. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What a store answered to a signed request instead of doing it. */
export class SignedAddressError extends ProviderError {
  constructor(
    /** HTTP status. */
    readonly status: number,
    what: string,
    where: string,
  ) {
    super({
      what: `the store answered ${what} with ${status}`,
      where,
      tryThis: "the same command again: it sends what is missing",
    });
  }
}

/**
 * Sends bytes to a store, again where it is busy or the connection fails.
 *
 * @param what is sent, in words for an error: `part 3`
 * @throws SignedAddressError
 */
export async function sendSigned(
  address: SignedAddress | undefined,
  method: HttpMethods,
  what: string,
  body: Buffer | string,
  store: HttpClient = httpClient(),
): Promise<PipelineResponse> {
  const request = requestTo(address, `the server gave no address to send ${what} to`);
  request.method = method;
  request.body = body;
  request.headers.set("content-length", String(Buffer.byteLength(body)));
  const response = await pipeline().sendRequest(store, request);
  if (response.status < 200 || response.status >= 300)
    throw new SignedAddressError(response.status, what, new URL(request.url).host);
  return response;
}

/** A file as the store gives it. @throws MlflowError */
export async function openSigned(
  address: SignedAddress | undefined,
  path: string,
  store: HttpClient = httpClient(),
): Promise<Readable> {
  const request = requestTo(address, `the server gave no address to read ${path} at`);
  return await openStream((one) => pipeline().sendRequest(store, one), request);
}

function requestTo(address: SignedAddress | undefined, lacking: string): PipelineRequest {
  const { url = "", headers = {} } = address ?? {};
  if (!url.startsWith("https:") && !isLoopback(url))
    throw new ProviderError({ what: lacking, allowed: "https://…" });
  const request = createPipelineRequest({ url, allowInsecureConnection: !url.startsWith("https:") });
  for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
  return request;
}

function pipeline(): ReturnType<typeof createPipelineFromOptions> {
  return createPipelineFromOptions({ redirectOptions: { maxRetries: 0 } });
}
