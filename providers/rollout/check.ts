import { postJson, type Webhook } from "../clients/webhook";
import type { MeasuredFigures } from "./metrics";
import type { Measurement } from "./types";

const TIMEOUT = 30_000;

/** Somebody's own judge of a generation, asked at each measurement. */
export type Check = Webhook;

/** What the judge is told. */
export interface CheckBody {
  /** ARM id. */
  readonly endpointId: string;
  readonly generation: string;
  /** The generation that serves. */
  readonly serving?: string;
  readonly figures?: MeasuredFigures;
}

/** Asks it: 2xx passes, any other answer fails, none is an error. */
export async function ask(check: Check, body: CheckBody): Promise<Pick<Measurement, "verdict" | "reason">> {
  const answer = await postJson(check, body, { timeout: TIMEOUT });
  if ("failure" in answer)
    return { verdict: "error", reason: `the check can't be asked (${answer.failure})` };
  const { status } = answer;
  const passed = status >= 200 && status < 300;
  return { verdict: passed ? "passed" : "failed", reason: `the check answered ${status}` };
}
