import type { Action, Journal, Observed, RolloutSpec } from "./types";

/** Azure's limit for a deployment (docs:how-to-manage-quotas). */
const MOST_INSTANCES = 50;

/**
 * How many machines the wanted generation has to have.
 *
 * While another serves: at least as many as that one has now, which autoscale may have made more than are declared, and never fewer than it has
 * itself. When it serves: the declared ones. Where autoscale is about it, its number is autoscale's.
 */
export function instancesFor(spec: RolloutSpec, { deployments }: Observed, { serving }: Journal): number {
  const { instances: own = 0, autoscaled = false } = deployments[spec.generation] ?? {};
  if (autoscaled) return own;
  if (serving === spec.generation) return spec.instances;
  const live = serving === undefined ? 0 : (deployments[serving]?.instances ?? 0);
  return Math.max(own, Math.min(MOST_INSTANCES, Math.max(spec.instances, live)));
}

/** Makes the wanted generation, or changes it in place. */
export function deploy(
  spec: RolloutSpec,
  observed: Observed,
  journal: Journal,
): Extract<Action, { kind: "deploy" }> {
  return {
    kind: "deploy",
    generation: spec.generation,
    instances: instancesFor(spec, observed, journal),
  };
}

/** Gives the wanted generation the machines that it lacks; undefined where it lacks none. */
export function growth(spec: RolloutSpec, observed: Observed, journal: Journal): Action | undefined {
  const { instances } = observed.deployments[spec.generation] ?? {};
  const wanted = deploy(spec, observed, journal);
  return instances === undefined || instances >= wanted.instances ? undefined : wanted;
}
