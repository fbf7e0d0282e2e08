import { isLive } from "./actions";
import { stepAt } from "./steps";
import { mapsOf, type Maps } from "./traffic";
import type { Journal, Observed, RolloutSpec } from "./types";

/** An endpoint with a journal, as one short read shows it. */
export interface Glimpse extends Maps {
  readonly journal?: Journal;
}

/** What the traffic is by the journal, where somebody moved it by hand; undefined where nobody did, or where the next run moves it anyway. */
export function driftOf(spec: RolloutSpec, glimpse: Glimpse): Maps | undefined {
  const { journal, traffic, mirror } = glimpse;
  if (journal === undefined) return undefined;
  const { serving, moving, old } = journal;
  const own = new Set([serving, moving?.generation, ...old.map(({ generation }) => generation)]);
  const names = new Set([...own, ...Object.keys(traffic), ...Object.keys(mirror)]);
  const deployments: Observed["deployments"] = Object.fromEntries(
    [...names].map((name) => [name, { state: "ready", ours: own.has(name) }]),
  );
  const observed: Observed = { ...glimpse, deployments, began: 0, evidence: {} };
  const wanted = (): Maps | undefined => {
    if (moving === undefined)
      return serving === spec.generation
        ? mapsOf(spec, observed, serving, undefined, { weight: 100 })
        : undefined;
    return moving.generation === spec.generation && moving.step >= 0
      ? mapsOf(spec, observed, moving.generation, serving, stepAt(spec, moving))
      : undefined;
  };
  const maps = wanted();
  return maps === undefined || isLive(observed, maps) ? undefined : maps;
}

/** A map in one line. */
export function mapText(traffic: Maps["traffic"]): string {
  const shares = Object.entries(traffic).map(([name, percent]) => `${name} ${percent} %`);
  return shares.length === 0 ? "none" : shares.sort().join(", ");
}
