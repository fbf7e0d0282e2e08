import { retire } from "../generations/past";
import { aliasDue } from "./alias";
import { unlessUnfinished } from "./good-end";
import { NO_JOURNAL } from "./journal";
import { refuse } from "../generations/refusals";
import { scaling } from "./scaling";
import { rollBack } from "./steps";
import { isReady, mapsOf } from "./traffic";
import type { Action, Journal, Observed, RolloutSpec } from "./types";

/**
 * The one thing to do next to leave a generation at once: one that is on its way goes, and the saved map comes back; one that serves gives its
 * traffic to the generation that served before it and is kept. Ends where that is done.
 *
 * @param spec what is declared, for the retry token and for whose traffic it is
 * @param left the generation that is left, and refused from now on
 */
export function planReturn(
  spec: RolloutSpec,
  left: string,
  reason: string,
  observed: Observed,
  now: number,
): Action {
  const { journal } = observed;
  if (journal?.moving?.generation === left)
    return rollBack(spec, observed, journal, journal.moving, now, reason);
  if (journal?.serving !== left) {
    const there = journal ?? NO_JOURNAL;
    return (
      aliasDue(spec, observed, there) ??
      scaling(spec, observed, there) ??
      unlessUnfinished(spec, observed, there, { kind: "end", phase: "RolledBack" })
    );
  }
  // What is on its way is measured against what serves: it goes first.
  if (journal.moving !== undefined) return rollBack(spec, observed, journal, journal.moving, now, reason);
  const target = keptGeneration(observed, journal);
  if (target === undefined)
    return {
      kind: "fail",
      reason: `there is no former generation of ${left} to go back to: none is kept, or none is up`,
    };
  return {
    kind: "write",
    ...mapsOf(spec, observed, target, undefined, { weight: 100 }),
    journal: {
      serving: target,
      refused: refuse(journal, left, reason, spec.retry),
      old: retire(spec, withoutTarget(journal, target), left, false, now),
    },
    why: `back to ${target}: ${reason}`,
  };
}

/** The generation that served last of those that can take the traffic now. */
export function keptGeneration(observed: Observed, { old, refused }: Journal): string | undefined {
  return old
    .filter(({ generation, proven }) => proven && observed.deployments[generation]?.ours === true)
    .map(({ generation }) => generation)
    .filter((generation) => isReady(observed, generation))
    .filter((generation) => !refused.some((one) => one.generation === generation))
    .at(-1);
}

function withoutTarget({ old }: Journal, target: string): Journal["old"] {
  return old.filter(({ generation }) => generation !== target);
}
