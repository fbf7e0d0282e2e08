import { isDeepStrictEqual } from "node:util";
import { ML_API_VERSION, type Arm } from "../clients/arm";
import { ArmError } from "../clients/arm-error";
import type { Deadline } from "../clients/deadline";
import { ProviderError } from "../clients/errors";

/** How often a busy endpoint is tried, in milliseconds. */
const BUSY_INTERVAL = 5_000;

/** A live endpoint, as a change goes over it. */
export interface Rewriting<Live> {
  readonly endpointId: string;
  /** What of the endpoint a PUT may carry. */
  readonly writable: (live: Live) => Live;
  readonly change: (live: Live) => Live;
}

export async function readLive<Live>(arm: Arm, endpointId: string): Promise<Live | undefined> {
  return await arm.read<Live>(endpointId, { apiVersion: ML_API_VERSION });
}

/**
 * Reads the endpoint, changes it and writes the whole back, where there is something to change. While another operation holds the
 * endpoint it waits, and reads again before it writes.
 *
 * @returns whether there is such an endpoint
 * @throws ArmError; ProviderError at the deadline
 */
export async function rewriteLive<Live extends object>(
  arm: Arm,
  { endpointId, writable, change }: Rewriting<Live>,
  deadline: Deadline,
  say: (line: string) => void,
): Promise<boolean> {
  for (let said = false; ; said = true) {
    const live = await readLive<Live>(arm, endpointId);
    if (live === undefined) return false;
    const body = change(live);
    if (isDeepStrictEqual(body, writable(live))) return true;
    try {
      await arm.put(endpointId, { apiVersion: ML_API_VERSION, body, deadline });
      return true;
    } catch (error) {
      if (!(error instanceof ArmError && error.status === 409)) throw error;
      if (!said)
        say(
          `${endpointId.slice(endpointId.lastIndexOf("/") + 1)}: waiting for another operation on the endpoint`,
        );
      if (!(await deadline.sleep(BUSY_INTERVAL)))
        throw new ProviderError({
          what: `the endpoint is still busy after ${deadline.allowance}: ${error.message}`,
          where: endpointId,
          tryThis: "the same command again when the other operation has ended",
        });
    }
  }
}
