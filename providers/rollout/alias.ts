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

/** Why the alias leads elsewhere. */
export function aliasProblem({ alias = "" }: RolloutSpec, { evidence }: Observed): string | undefined {
  const problem = evidence.aliased?.problem;
  return problem === undefined
    ? undefined
    : `the traffic is where it should be, but alias ${alias} can't be moved: ${problem}`;
}
