import type { Arm } from "../clients/arm";
import { textBlob, type TextBlob } from "../clients/blob-text";
import { clock } from "../clients/clock";
import { principal } from "../clients/principal";
import { recorderOf, type Recorder } from "./history";
import { asOnlyWriter } from "../generations/lease";
import { blobName, workspaceContainer } from "../generations/store";

/** What the only writer of an endpoint's traffic has at hand. */
export interface Writing {
  /** Throws when somebody else has taken over; to be called before each write. */
  readonly mustHold: () => void;
  readonly record: Recorder;
  /** The declared rollout. */
  readonly spec: TextBlob;
}

/**
 * Does the work as the endpoint's only writer, and keeps the history of it.
 *
 * @param isAbandoned whether nobody waits for the work any more: it ends with its next look at the endpoint
 * @throws ProviderError where somebody else is
 */
export async function asWriter<T>(
  arm: Arm,
  endpointId: string,
  say: (line: string) => void,
  work: (writing: Writing) => Promise<T>,
  isAbandoned?: () => Promise<boolean>,
): Promise<T> {
  const container = await workspaceContainer(arm, endpointId);
  const whileHeld = async (mustHold: () => void): Promise<T> => {
    const history = textBlob(container, blobName(endpointId, "history.jsonl"));
    return await work({
      mustHold,
      record: recorderOf(history, principal, clock().now, say),
      spec: textBlob(container, blobName(endpointId, "spec.json")),
    });
  };
  return await asOnlyWriter(container, endpointId, say, whileHeld, isAbandoned);
}
