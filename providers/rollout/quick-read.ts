import { setTimeout as wait } from "node:timers/promises";
import type { Arm } from "../clients/arm";
import type { LiveEndpoint } from "../online-endpoint/types";
import { readEndpoint } from "../online-endpoint/write";

/** Milliseconds that a preview looks at the live endpoint. */
const READ_TIME = 5_000;

/** The endpoint, for a preview that has no time. @throws Error where it takes longer; what `readEndpoint` throws */
export async function readQuickly(arm: Arm, endpointId: string): Promise<LiveEndpoint | undefined> {
  const timer = new AbortController();
  const late = wait(READ_TIME, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`no answer in ${READ_TIME / 1000} s`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([readEndpoint(arm, endpointId), late]);
  } finally {
    timer.abort();
  }
}
