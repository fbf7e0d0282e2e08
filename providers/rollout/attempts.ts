import type { HistoryEvent } from "./history";

/** One generation's way from its beginning to its end, out of the history. */
export interface Attempt {
  readonly generation: string;
  readonly began: string;
  /** Who began it. */
  readonly by: string;
  /** Undefined while it is on its way, or where it was killed. */
  readonly outcome?: "promoted" | "rolledBack" | "givenUp";
  /** Of the outcome: when, who, why. */
  readonly ended?: Pick<HistoryEvent, "at" | "by" | "why">;
  readonly events: readonly HistoryEvent[];
}

/** The attempts, oldest first; a rollback of what serves already, and a refusal before anything is made, are their own. */
export function attemptsIn(events: readonly HistoryEvent[]): Attempt[] {
  return events.reduce<Attempt[]>((attempts, event) => {
    const { kind, generation = "", at, by, why } = event;
    const outcome = outcomeOf(kind);
    const last = attempts.at(-1);
    const isConcluded = last?.generation !== generation || last.outcome !== undefined;
    const isNew = kind === "begun" || ((outcome !== undefined || kind === "paused") && isConcluded);
    const current = isNew ? { generation, began: at, by, events: [] } : last;
    // What came before the oldest that is kept.
    if (current === undefined) return attempts;
    const grown: Attempt = {
      ...current,
      events: [...current.events, event],
      ...(outcome === undefined ? {} : { outcome, ended: { at, by, why } }),
    };
    return [...(isNew ? attempts : attempts.slice(0, -1)), grown];
  }, []);
}

function outcomeOf(kind: HistoryEvent["kind"]): Attempt["outcome"] {
  return kind === "promoted" || kind === "rolledBack" || kind === "givenUp" ? kind : undefined;
}
