import type { Arm } from "../clients/arm";
import { alike } from "../generations/alike";
import { scorerOf } from "./scorer";

/** A request that a generation has to answer before it gets anybody else's. */
export interface SmokeRequest {
  /** JSON, as a caller would send it. */
  readonly body: unknown;
  /** The whole answer; numbers may differ in the seventh digit. Without, any JSON will do. */
  readonly expected?: unknown;
}

export type Smoke = { readonly passed: boolean; readonly reason?: string };

/** Sends the requests to the deployment by its name, one after the other, up to the first that isn't answered as it should be. */
export async function smoke(
  arm: Arm,
  endpointId: string,
  deployment: string,
  requests: readonly SmokeRequest[],
): Promise<Smoke> {
  const score = await scorerOf(arm, endpointId, deployment);
  for (const [index, { body, expected }] of requests.entries()) {
    const { status, text } = await score(body);
    const reason = unexpected(status, text, expected);
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
