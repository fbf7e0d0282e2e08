import { deploy, instancesFor } from "./capacity";
import { hold, isLive, look, makeAnew, makeRoom, unchanged } from "./actions";
import { keptOf } from "../generations/past";
import { remove } from "./scaling";
import { hasRequests, isReady, mapsOf } from "./traffic";
import type { Action, Journal, Observed, RolloutSpec } from "./types";

/** The one thing to do next where the wanted generation is the proven one. */
export function keepServing(spec: RolloutSpec, observed: Observed, journal: Journal, now: number): Action {
  const { generation } = spec;
  const there = observed.deployments[generation];
  if (observed.evidence.deployFailure !== undefined)
    return { kind: "fail", reason: observed.evidence.deployFailure };
  if (there === undefined) return makeRoom(spec, observed, journal);
  if (!there.ours) return { kind: "fail", reason: `somebody else's deployment has the name ${generation}` };
  if (there.state === "failed") return makeAnew(spec, observed, journal);
  if (!isReady(observed, generation)) return look(generation, now);
  if (there.outdated === true || hasOtherInstances(spec, observed, journal))
    return deploy(spec, observed, journal);
  const maps = mapsOf(spec, observed, generation, undefined, { weight: 100 });
  if (spec.onDrift === "putBack" && !isLive(observed, maps))
    return { kind: "write", ...maps, journal, why: `${generation} is given back its traffic` };
  return retireOld(spec, observed, journal, now);
}

/** Only of a generation that this run can write. */
function hasOtherInstances(spec: RolloutSpec, observed: Observed, journal: Journal): boolean {
  const { outdated, instances } = observed.deployments[spec.generation] ?? {};
  return (
    outdated !== undefined && instances !== undefined && instances !== instancesFor(spec, observed, journal)
  );
}

/** Old generations go when their time has come, without those that are kept; what the journal doesn't know of goes, too. */
function retireOld(spec: RolloutSpec, observed: Observed, journal: Journal, now: number): Action {
  const there = Object.keys(observed.deployments).filter(
    (name) => observed.deployments[name]?.ours && name !== spec.generation,
  );
  const kept = keptOf(spec, journal);
  const going = there
    // Somebody may have given it some by hand.
    .filter((name) => !kept.includes(name) && !hasRequests(observed, name))
    .map((name) => ({ name, until: journal.old.find((one) => one.generation === name)?.until ?? now }));
  const due = going.find(({ until }) => until <= now);
  if (due !== undefined)
    return observed.deployments[due.name]?.state === "changing"
      ? look(due.name, now)
      : remove(observed, due.name);
  const old = journal.old.filter((one) => there.includes(one.generation));
  if (old.length < journal.old.length)
    return { ...unchanged(observed, { ...journal, old }), why: "old generations are gone" };
  const next = Math.min(...going.map(({ until }) => until));
  if (next === Infinity) return { kind: "end", phase: "Serving" };
  return hold(spec, observed, now, next, `${going.map(({ name }) => name).join(", ")} is kept a while`);
}
