import {
  createPipelineFromOptions,
  createPipelineRequest,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { lookup } from "node:dns/promises";
import { ProviderError } from "../clients/errors";
import { httpClient } from "../clients/http";
import { passesProxy } from "../clients/proxy";
import { reasonOf } from "./finding";
import type { Place, Seen } from "./reach";

/** Milliseconds for an answer. */
const PATIENCE = 5_000;

export interface Answer {
  readonly response: PipelineResponse;
  /** Milliseconds since 1970. */
  readonly asked: number;
  readonly answered: number;
}

/** One request without a token, once, by the proxy of the environment. */
export async function ask(url: string, told: { viaProxy?: boolean } = {}): Promise<Answer> {
  const pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 0 } });
  // After the proxy's policy, which is what gives a request an agent.
  pipeline.addPolicy(
    {
      name: "seesProxy",
      sendRequest: async (request, next) => {
        const past = passesProxy(url, process.env["NO_PROXY"] ?? process.env["no_proxy"]);
        told.viaProxy = request.agent !== undefined && !past;
        return await next(request);
      },
    },
    { phase: "Sign" },
  );
  const asked = Date.now();
  const request = createPipelineRequest({
    url,
    method: "GET",
    timeout: PATIENCE,
    abortSignal: AbortSignal.timeout(PATIENCE + 500),
  });
  const response = await pipeline.sendRequest(httpClient(), request);
  return { response, asked, answered: Date.now() };
}

/** What comes of asking there; it never throws. */
export async function look({ url }: Place): Promise<Seen> {
  const told: { viaProxy?: boolean } = {};
  const address = lookup(new URL(url).hostname).then(
    (found) => found.address,
    () => undefined,
  );
  const outcome = await ask(url, told).then(
    ({ response }) => ({ status: response.status }),
    (error: unknown) => ({ failure: failureOf(error) }),
  );
  const seen = told.viaProxy === true ? undefined : await address;
  return { ...outcome, ...(seen === undefined ? {} : { address: seen }) };
}

function failureOf(error: unknown): Seen["failure"] {
  if (error instanceof ProviderError) {
    const { what, tryThis } = error.fault;
    return { code: "", message: what, ...(tryThis === undefined ? {} : { repair: tryThis }) };
  }
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  return { code: String(cause?.code ?? code ?? ""), message: reasonOf(error) };
}
