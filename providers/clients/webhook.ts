import {
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
} from "@azure/core-rest-pipeline";
import { isWebhookUrl } from "./webhook-address";

/** Somebody's own HTTP address. It may hold a secret, as the headers may: neither is ever said to anybody. */
export interface Webhook {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How long an answer may take, in milliseconds, and how often it is asked again where the service is throttled, busy or away. */
export interface Patience {
  /** For one answer. */
  readonly timeout: number;
  /** None by default. */
  readonly retries?: number;
  /** For all of it. None by default. */
  readonly deadline?: number;
}

/** Posts JSON. No redirect is followed, since it would take the secrets along. @returns the status, or why there is none */
export async function postJson(
  { url, headers = {} }: Webhook,
  body: object,
  { timeout, retries = 0, deadline }: Patience,
): Promise<{ readonly status: number } | { readonly failure: string }> {
  // An address that the program knew as an output alone is seen here first.
  if (!isWebhookUrl(url)) return { failure: "its address is neither https:// nor of this machine" };
  const request = createPipelineRequest({
    method: "POST",
    url,
    timeout,
    allowInsecureConnection: true,
    body: JSON.stringify(body),
    ...(deadline === undefined ? {} : { abortSignal: AbortSignal.timeout(deadline) }),
  });
  request.headers.set("content-type", "application/json");
  for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: retries } });
  pipeline.removePolicy({ name: "redirectPolicy" });
  // What AZURE_LOG_LEVEL asks for has the path, in which many services put their secret.
  pipeline.removePolicy({ name: "logPolicy" });
  try {
    const { status } = await pipeline.sendRequest(createDefaultHttpClient(), request);
    return { status };
  } catch (error) {
    const { code, name } = error as { readonly code?: string; readonly name?: string };
    return { failure: code ?? (name === "AbortError" ? "no answer in time" : "no answer") };
  }
}
