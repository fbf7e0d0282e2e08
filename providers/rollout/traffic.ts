import { withdraw } from "../online-endpoint/merge";
import type { Observed, RolloutSpec, Step, Traffic } from "./types";

/** Azure's limit. */
const MOST_MIRRORED = 50;

export interface Maps {
  readonly traffic: Traffic;
  readonly mirror: Traffic;
}

/** Traffic and mirroring when `generation` has its part of what the rollout has to give, `base` the rest, and others keep theirs. */
export function mapsOf(
  { foreignTraffic }: RolloutSpec,
  observed: Observed,
  generation: string,
  base: string | undefined,
  { weight, mirror = 0 }: Pick<Step, "weight" | "mirror">,
): Maps {
  const kept = keptByOthers(foreignTraffic, observed);
  const share = 100 - total(kept);
  const isOwn = base !== undefined && base !== generation && observed.deployments[base]?.ours === true;
  const other = isOwn && isReady(observed, base) ? base : undefined;
  const own = other === undefined ? share : Math.round((share * weight) / 100);
  const traffic = weights({
    ...kept,
    [generation]: own,
    ...(other === undefined ? {} : { [other]: share - own }),
  });
  const mirrored = mirror > 0 && !(generation in traffic) && total(traffic) > 0;
  return {
    traffic,
    mirror: mirrored
      ? { [generation]: Math.min(mirror, MOST_MIRRORED) }
      : withoutTraffic(foreign(observed, observed.mirror), traffic),
  };
}

/** What others' deployments have of the traffic and are left. */
export function keptByOthers(foreignTraffic: RolloutSpec["foreignTraffic"], observed: Observed): Traffic {
  return foreignTraffic === "keep" ? foreign(observed, observed.traffic) : {};
}

/** The saved map, without what can't take traffic any more; its part goes to the rest, and where there is no rest, the live map stays. */
export function restored(observed: Observed, saved: Traffic): Maps {
  const lost = Object.keys(saved).filter((name) => !isReady(observed, name));
  const left = lost.length === 0 ? weights(saved) : withdraw(saved, lost);
  const traffic = total(left) === 0 && total(saved) > 0 ? weights(observed.traffic) : left;
  return { traffic, mirror: withoutTraffic(foreign(observed, observed.mirror), traffic) };
}

/** Without the rollout's own deployments. */
export function withdrawn(observed: Observed): Maps {
  const own = Object.keys(observed.deployments).filter((name) => observed.deployments[name]?.ours);
  const traffic = withdraw(observed.traffic, own);
  return { traffic, mirror: withoutTraffic(foreign(observed, observed.mirror), traffic) };
}

/** Whether some of the requests go to it, live or mirrored. */
export function hasRequests({ traffic, mirror }: Observed, name: string): boolean {
  return (traffic[name] ?? 0) > 0 || (mirror[name] ?? 0) > 0;
}

export function isReady({ deployments, traffic }: Observed, name: string): boolean {
  const state = deployments[name]?.state;
  // What is changed in place while it serves, serves on, even where the change fails.
  return state === "ready" || (state !== undefined && (traffic[name] ?? 0) > 0);
}

export function same(one: Traffic, other: Traffic): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => (one[name] ?? 0) === (other[name] ?? 0));
}

/** Those with a share. */
export function weights(traffic: Traffic): Traffic {
  return Object.fromEntries(Object.entries(traffic).filter(([, percent]) => percent > 0));
}

function foreign({ deployments }: Observed, map: Traffic): Traffic {
  return weights(
    Object.fromEntries(
      Object.entries(map).filter(([name]) => name in deployments && !deployments[name]?.ours),
    ),
  );
}

function withoutTraffic(mirror: Traffic, traffic: Traffic): Traffic {
  return Object.fromEntries(Object.entries(mirror).filter(([name]) => !(name in traffic)));
}

export function total(traffic: Traffic): number {
  return Object.values(traffic).reduce((sum, percent) => sum + percent, 0);
}
