import type { Arm } from "../clients/arm";
import type { Deadline } from "../clients/deadline";
import { readLive, rewriteLive } from "../endpoint/write";
import { writable } from "./merge";
import type { LiveBatchEndpoint } from "./types";

export async function readBatchEndpoint(
  arm: Arm,
  endpointId: string,
): Promise<LiveBatchEndpoint | undefined> {
  return await readLive(arm, endpointId);
}

/** As `rewriteLive`. */
export async function rewriteBatchEndpoint(
  arm: Arm,
  endpointId: string,
  change: (live: LiveBatchEndpoint) => LiveBatchEndpoint,
  deadline: Deadline,
  say: (line: string) => void,
): Promise<boolean> {
  return await rewriteLive(arm, { endpointId, writable, change }, deadline, say);
}
