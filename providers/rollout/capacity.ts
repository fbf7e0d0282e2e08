import { mostInstances } from "../autoscale/spec";
import { isAutoscaled } from "./scaling";
import type { Action, Journal, Observed, RolloutSpec } from "./types";

/** Azure's limit for a deployment (docs:how-to-manage-quotas). */
const MOST_INSTANCES = 50;

/**
 * How many machines the wanted generation has to have.
 *
 * While another serves: at least as many as that one has now, which autoscale may have made more than are declared, as far as its own autoscale
 * will go, and never fewer than it has itself. When it serves: the declared ones. Where autoscale is about it, its number is autoscale's.
 */
export function instancesFor(spec: RolloutSpec, observed: Observed, { serving }: Journal): number {
  const { generation, instances: declared, autoscale } = spec;
  const { instances: own } = observed.deployments[generation] ?? {};
  const serves = serving === generation;
  if (own !== undefined && (isAutoscaled(observed, generation) || (serves && autoscale !== undefined)))
    return own;
  if (serves) return declared;
  const live = serving === undefined ? 0 : (observed.deployments[serving]?.instances ?? 0);
  const most = autoscale === undefined ? MOST_INSTANCES : mostInstances(autoscale);
  return Math.max(own ?? 0, Math.min(most, Math.max(declared, live)));
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
