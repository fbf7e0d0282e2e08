import { unchanged } from "./actions";
import { failUntilMended } from "./mend";
import { REASON_LENGTH, refuse } from "../generations/refusals";
import { rollBack } from "./steps";
import type { Action, Evidence, Journal, Moving, Observed, RolloutSpec } from "./types";

/**
 * What the gate on the metrics of the model's run has to be asked or to say before the generation begins: these are known before anything is
 * made. Undefined where it may begin.
 */
export function judgeFirst(spec: RolloutSpec, observed: Observed, journal: Journal): Action | undefined {
  if (spec.judgesRun !== true) return undefined;
  const { generation } = spec;
  const { run } = observed.evidence;
  if (run === undefined) return { kind: "judge", generation, serving: journal.serving };
  if (run.verdict === "error") return failUntilMended(run.reason);
  if (run.verdict !== "failed") return undefined;
  const refused = refuse(journal, generation, run.reason, spec.retry);
  return {
    ...unchanged(observed, { ...journal, refused }),
    why: `${generation} is refused before it is made: ${run.reason}`,
  };
}

/** What can't be judged waits for somebody, and is no reason to refuse. */
export function beginsPaused(run: Evidence["run"]): Pick<Moving, "paused"> {
  return run?.verdict === "inconclusive" ? { paused: run.reason.slice(0, REASON_LENGTH) } : {};
}

/** Whether the generation waits since its run can't be judged. */
export function isWaiting({ abort }: RolloutSpec, { generation, step, paused }: Moving): boolean {
  return step < 0 && paused !== undefined && abort !== generation;
}

/** Judges once more: the metric may have been logged since. */
export function waitToBegin(
  spec: RolloutSpec,
  observed: Observed,
  journal: Journal,
  moving: Moving,
  now: number,
): Action {
  const { generation, paused = "", ...rest } = moving;
  const goes = (why: string): Action => ({
    ...unchanged(observed, { ...journal, moving: { generation, ...rest } }),
    why: `${generation} goes on: ${why}`,
  });
  if (spec.promote === generation) return goes("it was promoted");
  if (spec.judgesRun !== true) return goes("its run is judged no more");
  const { run } = observed.evidence;
  if (run === undefined) return { kind: "judge", generation, serving: journal.serving };
  if (run.verdict === "error") return failUntilMended(run.reason);
  if (run.verdict === "failed") return rollBack(spec, observed, journal, moving, now, run.reason);
  return run.verdict === "passed" ? goes(run.reason) : { kind: "end", phase: "Paused", why: paused };
}
