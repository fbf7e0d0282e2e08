import {
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
} from "@azure/core-rest-pipeline";
import type { MeasuredFigures } from "./metrics";
import type { Measurement } from "./types";

const TIMEOUT = 30_000;

/** Somebody's own judge of a generation, asked at each measurement. */
export interface Check {
  /** May hold a secret, as the headers may: neither is said to anybody. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the judge is told. */
export interface CheckBody {
  /** ARM id. */
  readonly endpointId: string;
  readonly generation: string;
  /** The generation that serves. */
  readonly serving?: string;
  readonly figures?: MeasuredFigures;
}

/** Posts it. 2xx passes, any other answer fails, none is an error; no redirect is followed, since it would take the secrets along. */
export async function ask(
  { url, headers = {} }: Check,
  body: CheckBody,
): Promise<Pick<Measurement, "verdict" | "reason">> {
  const request = createPipelineRequest({
    method: "POST",
    url,
    timeout: TIMEOUT,
    allowInsecureConnection: true,
    body: JSON.stringify(body),
  });
  request.headers.set("content-type", "application/json");
  for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
  pipeline.removePolicy({ name: "redirectPolicy" });
  try {
    const { status } = await pipeline.sendRequest(createDefaultHttpClient(), request);
    const passed = status >= 200 && status < 300;
    return { verdict: passed ? "passed" : "failed", reason: `the check answered ${status}` };
  } catch (error) {
    const { code } = error as { readonly code?: string };
    return { verdict: "error", reason: `the check can't be asked${code === undefined ? "" : ` (${code})`}` };
  }
}

/** Plain HTTP does for this machine alone. */
export function isCheckUrl(text: unknown): boolean {
  if (typeof text !== "string" || !URL.canParse(text)) return false;
  const { protocol, hostname, username } = new URL(text);
  const isLocal = ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
  return username === "" && (protocol === "https:" || (protocol === "http:" && isLocal));
}
