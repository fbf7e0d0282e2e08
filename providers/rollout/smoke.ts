import {
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
} from "@azure/core-rest-pipeline";
import { ML_API_VERSION, type Arm } from "../clients/arm";
import { credential } from "../clients/credential";
import { ProviderError } from "../clients/errors";

/** The audience of Entra tokens for scoring. */
const SCORING_SCOPE = "https://ml.azure.com/.default";
/** Azure's longest request. */
const TIMEOUT = 180_000;
/** How far a number may be from the expected one, as part of it. */
const TOLERANCE = 1e-6;

/** A request that a generation has to answer before it gets anybody else's. */
export interface SmokeRequest {
  /** JSON, as a caller would send it. */
  readonly body: unknown;
  /** The whole answer; numbers may differ in the seventh digit. Without, any JSON will do. */
  readonly expected?: unknown;
}

export type Smoke = { readonly passed: boolean; readonly reason?: string };

interface ScoredEndpoint {
  readonly properties: { readonly authMode: string; readonly scoringUri: string };
}

/** Sends the requests to the deployment by its name, one after the other, up to the first that isn't answered as it should be. */
export async function smoke(
  arm: Arm,
  endpointId: string,
  deployment: string,
  requests: readonly SmokeRequest[],
): Promise<Smoke> {
  const endpoint = await arm.read<ScoredEndpoint>(endpointId, { apiVersion: ML_API_VERSION });
  if (endpoint === undefined) throw new ProviderError({ what: "this endpoint is gone", where: endpointId });
  const pipeline = createPipelineFromOptions({});
  const client = createDefaultHttpClient();
  const token = await tokenOf(arm, endpointId, endpoint.properties.authMode);
  for (const [index, { body, expected }] of requests.entries()) {
    const request = createPipelineRequest({
      method: "POST",
      url: endpoint.properties.scoringUri,
      timeout: TIMEOUT,
      body: JSON.stringify(body),
    });
    request.headers.set("authorization", `Bearer ${token}`);
    request.headers.set("content-type", "application/json");
    request.headers.set("azureml-model-deployment", deployment);
    const { status, bodyAsText } = await pipeline.sendRequest(client, request);
    const reason = unexpected(status, bodyAsText ?? "", expected);
    if (reason !== undefined) return { passed: false, reason: `smoke request ${index}: ${reason}` };
  }
  return { passed: true };
}

/** What is wrong with an answer, if anything. */
export function unexpected(status: number, text: string, expected: unknown): string | undefined {
  if (status !== 200) return `answered ${status}`;
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return "the answer is not JSON";
  }
  return expected === undefined || alike(answer, expected) ? undefined : "the answer is not the expected one";
}

function alike(one: unknown, other: unknown): boolean {
  if (typeof one === "number" && typeof other === "number")
    return Math.abs(one - other) <= TOLERANCE * Math.max(1, Math.abs(other));
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null)
    return one === other;
  const [left, right] = [Object.entries(one), new Map(Object.entries(other))];
  return (
    Array.isArray(one) === Array.isArray(other) &&
    left.length === right.size &&
    left.every(([key, value]) => right.has(key) && alike(value, right.get(key)))
  );
}

async function tokenOf(arm: Arm, endpointId: string, authMode: string): Promise<string> {
  const request = { apiVersion: ML_API_VERSION };
  if (authMode === "Key")
    return (await arm.post<{ primaryKey: string }>(`${endpointId}/listKeys`, request))?.primaryKey ?? "";
  if (authMode === "AMLToken")
    return (await arm.post<{ accessToken: string }>(`${endpointId}/token`, request))?.accessToken ?? "";
  return (await credential().getToken(SCORING_SCOPE))?.token ?? "";
}
