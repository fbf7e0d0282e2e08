import { isDeepStrictEqual } from "node:util";
import { heldAt, normalAutoscale } from "../autoscale/spec";
import type { AutoscaleSpec } from "../autoscale/body";
import { failUntilMended } from "./mend";
import { isReady } from "./traffic";
import type { Action, Journal, Observed, ObservedSetting, RolloutSpec, Scaling } from "./types";

/**
 * The one thing to do next so that what serves has the declared autoscale, and nothing else of the rollout's has one; undefined where that is so,
 * and where it can't be done.
 *
 * While another generation is on its way, what serves keeps the machines that it had when that began, although it gets fewer requests: they are
 * there when these come back.
 */
export function scaling(spec: RolloutSpec, observed: Observed, journal: Journal): Action | undefined {
  const { settings, deployments, evidence } = observed;
  const { serving } = journal;
  if (settings === undefined || evidence.scaling?.problem !== undefined) return undefined;
  const wanted = wantedAutoscale(spec, journal);
  const there = settings.find(({ deployment }) => deployment === serving);
  if (
    wanted !== undefined &&
    serving !== undefined &&
    deployments[serving]?.ours === true &&
    isReady(observed, serving) &&
    there?.ours !== false &&
    !isDeepStrictEqual(there?.autoscale, wanted)
  )
    return once(observed, { kind: "attach", deployment: serving, autoscale: wanted });
  const stray = settings.find(
    ({ ours, deployment }) => ours && (deployment !== serving || wanted === undefined),
  );
  return stray && once(observed, { kind: "detach", deployment: stray.deployment });
}

/** Why what serves has not the declared autoscale. */
export function scalingProblem(
  spec: RolloutSpec,
  { settings, evidence }: Observed,
  { serving }: Journal,
): string | undefined {
  if (evidence.scaling?.problem !== undefined) return evidence.scaling.problem;
  if (spec.autoscale === undefined) return undefined;
  if (settings === undefined)
    return "the autoscale settings may not be read: who runs `up` needs Microsoft.Insights/autoscalesettings/read, write and delete on the resource group";
  const foreign = settings.find(({ ours, deployment }) => !ours && deployment === serving);
  return foreign === undefined
    ? undefined
    : `${serving} has an autoscale setting that this rollout did not make, and can have one alone: delete ${foreign.id}, or leave autoscale out`;
}

/** Deletes the deployment, its autoscale first. */
export function remove(observed: Observed, deployment: string): Action {
  return detached(observed, (one) => one.deployment === deployment) ?? { kind: "remove", deployment };
}

/** Deletes one of the rollout's own settings; undefined where there is none such. */
export function detached(
  observed: Observed,
  isIt: (setting: ObservedSetting) => boolean,
): Action | undefined {
  const own = observed.settings?.find((one) => one.ours && isIt(one));
  const detach = own && once(observed, { kind: "detach", deployment: own.deployment });
  const { problem } = observed.evidence.scaling ?? {};
  return detach === undefined || problem === undefined ? detach : failUntilMended(problem);
}

/** Whether an enabled setting, whoever made it, is about the deployment. */
export function isAutoscaled({ settings = [] }: Observed, name: string): boolean {
  return settings.some(({ deployment, enabled }) => enabled && deployment === name);
}

/** Of what serves, as autoscale settings are compared. */
function wantedAutoscale({ autoscale }: RolloutSpec, { moving }: Journal): AutoscaleSpec | undefined {
  if (autoscale === undefined) return undefined;
  const { instances } = moving ?? {};
  return normalAutoscale(instances === undefined ? autoscale : heldAt(autoscale, instances));
}

/** A setting that Azure writes in words of its own is not written over and over. */
function once({ evidence }: Observed, action: Scaling): Scaling | undefined {
  return evidence.scaling?.done.some((one) => isDeepStrictEqual(one, action)) ? undefined : action;
}

/** What is declared, as a refresh sees it: other than in the program where the live setting is. */
export function seenAutoscale(
  spec: RolloutSpec,
  journal: Journal | undefined,
  settings: readonly ObservedSetting[] | undefined,
): AutoscaleSpec | undefined {
  const { serving } = journal ?? {};
  if (journal === undefined || serving === undefined || settings === undefined) return spec.autoscale;
  const deployments = { [serving]: { state: "ready", ours: true } } as const;
  const observed: Observed = { traffic: {}, mirror: {}, deployments, settings, began: 0, evidence: {} };
  if (scaling(spec, observed, journal) === undefined) return spec.autoscale;
  return settings.find(({ ours, deployment }) => ours && deployment === serving)?.autoscale;
}
