import type { TextBlob, Text } from "../clients/blob-text";
import type { RolloutEvent } from "./events";
import type { MeasuredFigures } from "./metrics";

/** What is kept of the newest: at a measurement a minute, more than half a day of steps; about 300 bytes each. */
const MOST_EVENTS = 1_000;
const MOST_CHARACTERS = 400_000;
const WHY_LENGTH = 500;
/** How often a write is tried when somebody else writes, too. */
const TRIES = 3;

/** An event with when and by whom. */
export interface HistoryEvent extends RolloutEvent {
  /** ISO 8601. */
  readonly at: string;
  /** Who ran the command, by name of sign-in or client id. */
  readonly by: string;
}

/** Takes an event; waits until it is written, and never fails. */
export type Recorder = (event: RolloutEvent) => Promise<void>;

/**
 * Appends to the history. What goes wrong is said once: a rollout goes on without its history.
 *
 * @param now milliseconds since 1970
 */
export function recorderOf(
  blob: TextBlob,
  who: () => Promise<string>,
  now: () => number,
  say: (line: string) => void,
): Recorder {
  let known: Text | undefined;
  let by: string | undefined;
  let said = false;
  return async (event) => {
    try {
      by ??= await who();
      const line = lineOf({ at: new Date(now()).toISOString(), by, ...event });
      for (let tries = 0; tries < TRIES; tries++) {
        known ??= await blob.read();
        known = await blob.replace(appended(known?.text ?? "", line), known);
        if (known !== undefined) return;
      }
      throw new Error("others write it all the time");
    } catch (error) {
      known = undefined;
      if (!said) say(`the rollout's history can't be written: ${(error as Error).message}`);
      said = true;
    }
  };
}

/** The history, oldest first; lines that somebody else wrote into it are left out. */
export function eventsIn(text: string): HistoryEvent[] {
  return text.split("\n").flatMap((line) => {
    try {
      const event = JSON.parse(line) as HistoryEvent;
      return typeof event.at === "string" && typeof event.kind === "string" ? [event] : [];
    } catch {
      return [];
    }
  });
}

/** The text with one line more, without the oldest where it would be too long. */
export function appended(text: string, line: string): string {
  const lines = [...text.split("\n").filter((one) => one !== ""), line].slice(-MOST_EVENTS);
  let length = lines.reduce((sum, one) => sum + one.length + 1, 0);
  while (length > MOST_CHARACTERS && lines.length > 1) length -= (lines.shift()?.length ?? 0) + 1;
  return `${lines.join("\n")}\n`;
}

function lineOf({ why, figures, ...event }: HistoryEvent): string {
  return JSON.stringify({
    ...event,
    why: why.slice(0, WHY_LENGTH),
    ...(figures === undefined ? {} : { figures: rounded(figures) }),
  });
}

function rounded(figures: MeasuredFigures): MeasuredFigures {
  const text = JSON.stringify(figures, (_key, value: unknown) =>
    typeof value === "number" ? Math.round(value * 1000) / 1000 : value,
  );
  return JSON.parse(text) as MeasuredFigures;
}
