import { resourceParts } from "../clients/arm-id";
import { clock } from "../clients/clock";
import { postJson } from "../clients/webhook";
import type { RolloutEvent } from "./events";
import type { Recorder } from "./history";
import type { MeasuredFigures } from "./metrics";
import { NOTIFIED, type Notified } from "./notified";
import type { Traffic } from "./types";

/** Whom to tell. */
export interface Notify {
  /** May hold a secret. Empty where the program alone knows it. */
  readonly url: string;
  /** All by default. */
  readonly on?: readonly Notified[];
}

/** What they are told. */
export interface Notification {
  readonly event: Notified;
  /** ARM id. */
  readonly endpointId: string;
  readonly endpoint: string;
  readonly generation: string;
  /** The one that it was at, from 1; absent where it was at none. */
  readonly step?: number;
  /** Percent of the requests that the generation has now. */
  readonly weight: number;
  /** The whole map, as it is now. */
  readonly traffic: Traffic;
  /** What was measured last. */
  readonly figures?: MeasuredFigures;
  readonly reason: string;
  /** ISO 8601. */
  readonly time: string;
}

/** Milliseconds for one answer, and for all tries together: a run waits at its end for no longer. */
const PATIENCE = { timeout: 10_000, retries: 3, deadline: 20_000 };

/** Tells somebody what happens, while the rollout goes on. */
export interface Notifier {
  /** What records and tells. */
  beside(record: Recorder): Recorder;
  /** Waits until everybody is told, or can't be; never fails. */
  settled(): Promise<void>;
}

/** What goes wrong is said, and holds nothing up. */
export function notifierOf(
  notify: Notify | undefined,
  endpointId: string,
  say: (line: string) => void,
  post: typeof postJson = postJson,
): Notifier {
  if (notify === undefined) return { beside: (record) => record, settled: async () => undefined };
  const { url, on = NOTIFIED } = notify;
  const posts: Promise<void>[] = [];
  let measured: Pick<RolloutEvent, "generation" | "figures"> = {};
  const tell = async (notification: Notification): Promise<void> => {
    const { event, generation } = notification;
    const failed = (why: string): void =>
      say(`nobody is told by webhook that ${generation} is ${WORDS[event]}: ${why}`);
    if (url === "") return failed("its address is known to the program alone");
    const answer = await post({ url }, notification, PATIENCE);
    if ("failure" in answer) failed(answer.failure);
    else if (answer.status < 200 || answer.status > 299) failed(`it answered ${answer.status}`);
  };
  return {
    beside: (record) => async (event) => {
      if (event.figures !== undefined) measured = event;
      const figures = measured.generation === event.generation ? measured.figures : undefined;
      const notification = notificationOf(endpointId, event, figures, clock().now());
      if (notification !== undefined && on.includes(notification.event)) posts.push(tell(notification));
      await record(event);
    },
    settled: async () => void (await Promise.allSettled(posts)),
  };
}

const WORDS: Readonly<Record<Notified, string>> = {
  promoted: "promoted",
  rolledBack: "rolled back",
  paused: "paused",
};

/** @returns undefined for an event that nobody is told of. @param at milliseconds since 1970 */
export function notificationOf(
  endpointId: string,
  { kind, generation, step, traffic = {}, why }: RolloutEvent,
  figures: MeasuredFigures | undefined,
  at: number,
): Notification | undefined {
  const event = NOTIFIED.find((one) => one === kind);
  if (event === undefined || generation === undefined) return undefined;
  return {
    event,
    endpointId,
    endpoint: resourceParts(endpointId).name,
    generation,
    ...(step === undefined ? {} : { step }),
    weight: traffic[generation] ?? 0,
    traffic,
    ...(figures === undefined ? {} : { figures }),
    reason: why,
    time: new Date(at).toISOString(),
  };
}
