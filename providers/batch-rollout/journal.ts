import { parsedJournal } from "../generations/journal-tags";
import type { Journal } from "./types";

/** Of an endpoint on which no rollout has done anything yet. */
export const NO_JOURNAL: Journal = { refused: [], old: [] };

/** @throws SyntaxError where somebody else wrote into it */
export function journalIn(tags?: Readonly<Record<string, string>>): Journal | undefined {
  return parsedJournal(tags) as Journal | undefined;
}
