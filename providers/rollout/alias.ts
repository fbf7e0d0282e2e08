import type { Action, Journal, Observed, RolloutSpec } from "./types";

/** Lets the alias lead to what serves, where this run does not know yet that it does. */
export function aliasDue(
  { alias }: RolloutSpec,
  { evidence, deployments }: Observed,
  { serving }: Journal,
): Action | undefined {
  if (alias === undefined || serving === undefined || !(serving in deployments)) return undefined;
  return evidence.aliased?.generation === serving ? undefined : { kind: "alias", generation: serving, alias };
}

/** A good end is none while the alias leads elsewhere; it holds nothing up before. */
export function unlessAliasFailed(
  { alias = "" }: RolloutSpec,
  { evidence }: Observed,
  action: Action,
): Action {
  const problem = evidence.aliased?.problem;
  if (problem === undefined || action.kind !== "end") return action;
  if (action.phase !== "Serving" && action.phase !== "RolledBack") return action;
  return {
    kind: "fail",
    reason: `the traffic is where it should be, but alias ${alias} can't be moved: ${problem}`,
    tryThis: "the same command again when that is mended",
  };
}
