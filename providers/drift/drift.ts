import { isAutoscaled } from "./autoscaled";
import { differencesOf } from "./differences";
import type { SeenResource } from "./events";
import type { Finding, FindingKind } from "./finding";
import { nameOf } from "./names";
import { opensTheNetwork, phraseOf } from "./phrases";
import { trafficMoved } from "./traffic";

/** This package's own resources: they read back what they wrote, and nothing of what Azure adds. */
const OWN = /^pulumi-nodejs:dynamic\/pulumi-azureml:/;
const ROLLOUT = /^pulumi-nodejs:dynamic\/pulumi-azureml:Rollout$/;

/** Everything that is otherwise than the program left it, in the order in which the engine read it. Pure. */
export function driftIn(resources: readonly SeenResource[]): Finding[] {
  return resources.flatMap((resource) => findingsOf(resource, resources));
}

function findingsOf(resource: SeenResource, all: readonly SeenResource[]): Finding[] {
  const { op, urn, type, old, new: now } = resource;
  const finding = (kind: FindingKind, text: string): Finding => ({
    kind,
    urn,
    type,
    sentence: `${nameOf(resource)}${text}`,
  });
  if (op === "delete")
    return [finding("deleted", /:Role|:Management/.test(type) ? " was removed" : " was deleted")];
  const traffic = ROLLOUT.test(type)
    ? trafficMoved(resource, all).map((text) => finding("traffic", `: ${text}`))
    : [];
  if (op !== "update" || old === undefined || now === undefined) return traffic;
  const differences = differencesOf(old, now, { everything: OWN.test(type), counts: opensTheNetwork });
  const others = differences.flatMap((difference) => {
    if (isAutoscaled(difference, resource, all)) return [];
    const { kind, text } = phraseOf(difference);
    return [finding(kind, `: ${text}`)];
  });
  return [...traffic, ...others];
}
