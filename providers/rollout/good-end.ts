import { aliasProblem } from "./alias";
import { failUntilMended } from "./mend";
import { scalingProblem } from "./scaling";
import type { Action, Journal, Observed, RolloutSpec } from "./types";

/** A good end is none while what serves has not the declared alias and autoscale; they hold nothing up before. */
export function unlessUnfinished(
  spec: RolloutSpec,
  observed: Observed,
  journal: Journal,
  action: Action,
): Action {
  if (action.kind !== "end" || (action.phase !== "Serving" && action.phase !== "RolledBack")) return action;
  const problem = aliasProblem(spec, observed) ?? scalingProblem(spec, observed, journal);
  return problem === undefined ? action : failUntilMended(problem);
}
