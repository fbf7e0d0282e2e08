import type { Arm } from "../clients/arm";
import type { Deadline } from "../clients/deadline";
import { readLive, rewriteLive } from "../endpoint/write";
import { writable } from "./merge";
import type { LiveEndpoint } from "./types";

export async function readEndpoint(arm: Arm, endpointId: string): Promise<LiveEndpoint | undefined> {
  return await readLive(arm, endpointId);
}

/** As `rewriteLive`. */
export async function rewriteEndpoint(
  arm: Arm,
  endpointId: string,
  change: (live: LiveEndpoint) => LiveEndpoint,
  deadline: Deadline,
  say: (line: string) => void,
): Promise<boolean> {
  return await rewriteLive(arm, { endpointId, writable, change }, deadline, say);
}
