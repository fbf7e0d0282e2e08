import { setTimeout as wait } from "node:timers/promises";
import type { Arm } from "../clients/arm";
import { scorerOf } from "./scorer";
import type { SmokeRequest } from "./smoke";

/** Smoke requests sent once more, where callers send a generation too few for its gates. */
export interface Replay {
  /** How many a step may get. */
  readonly requests: number;
  readonly perSecond: number;
}

/**
 * Sends the requests in turn, over and over, at their rate and whatever is answered: the gates judge the answers. Real seconds, since a
 * deployment serves no faster than it does.
 *
 * @param count how many; not more than `requests`
 */
export async function replay(
  arm: Arm,
  endpointId: string,
  deployment: string,
  samples: readonly SmokeRequest[],
  { requests, perSecond }: Replay,
  count: number,
): Promise<void> {
  const score = await scorerOf(arm, endpointId, deployment);
  const began = Date.now();
  const answers: Promise<unknown>[] = [];
  for (let index = 0; index < Math.min(count, requests); index++) {
    await wait(Math.max(0, began + (index * 1000) / perSecond - Date.now()));
    answers.push(score(samples[index % samples.length]?.body).catch(() => undefined));
  }
  await Promise.all(answers);
}
