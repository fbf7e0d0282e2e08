import type { Journal, Phase } from "./types";

/** How far the wanted generation is, by the live journal: what a command did since the last `up` counts. */
export function phaseOf(journal: Journal | undefined, generation: string): Exclude<Phase, "Gone"> {
  if (journal?.moving?.generation === generation)
    return journal.moving.paused === undefined ? "Advancing" : "Paused";
  if (journal?.serving === generation) return "Serving";
  const refused = journal?.refused.some((one) => one.generation === generation) === true;
  // Where nothing else serves, the next `up` has to say so.
  return refused && journal?.serving !== undefined ? "RolledBack" : "Advancing";
}
