import { deploy } from "./capacity";
import { quotaFirst } from "./quota";
import { remove } from "./scaling";
import { hasRequests, keptByOthers, same, total, type Maps } from "./traffic";
import type { Action, Journal, Observed, RolloutSpec } from "./types";

/** Azure's limit for an endpoint. */
const MOST_DEPLOYMENTS = 20;
/** How often a deployment that changes is looked at, in milliseconds. */
const LOOK_INTERVAL = 5_000;

/** Makes the generation, when the endpoint has room for it or an old one can go. */
export function makeRoom(spec: RolloutSpec, observed: Observed, journal: Journal): Action {
  if (Object.keys(observed.deployments).length < MOST_DEPLOYMENTS)
    return quotaFirst(spec, observed, journal) ?? deploy(spec, observed, journal);
  const spare = Object.keys(observed.deployments).find(
    (name) =>
      observed.deployments[name]?.ours &&
      observed.deployments[name]?.state !== "changing" &&
      name !== journal.serving &&
      !(name in (journal.moving?.saved ?? {})) &&
      !hasRequests(observed, name),
  );
  return spare === undefined
    ? {
        kind: "fail",
        reason: `the endpoint has ${MOST_DEPLOYMENTS} deployments, which is all that it may have`,
      }
    : remove(observed, spare);
}

/** Makes a deployment that failed anew; in its place where requests go to it, which Azure lets nobody delete. */
export function makeAnew(spec: RolloutSpec, observed: Observed, journal: Journal): Action {
  const { generation } = spec;
  return hasRequests(observed, generation) ? deploy(spec, observed, journal) : remove(observed, generation);
}

/**
 * Says no to a first generation that would get none of the traffic. An `up` that ended well would be an outage where the others are of the same
 * program, which names them no more: the engine deletes them then, and their traffic goes with them.
 */
export function unlessOthersHaveAll(
  { foreignTraffic, generation }: RolloutSpec,
  observed: Observed,
  { serving }: Journal,
): Action | undefined {
  const kept = keptByOthers(foreignTraffic, observed);
  if (serving !== undefined || total(kept) < 100) return undefined;
  return {
    kind: "fail",
    reason: `${generation} would get no traffic: ${Object.keys(kept).join(", ")}, made by others, keep all of it`,
    tryThis:
      '`foreignTraffic: "take"`, which gives it all of their traffic once it is proven; they stay as they are until then',
  };
}

/** Waits, or ends the run where it may hold no longer. */
export function hold(
  { maxHoldSeconds }: RolloutSpec,
  { began }: Observed,
  now: number,
  until: number,
  why: string,
): Action {
  const end = began + maxHoldSeconds * 1000;
  if (now >= end) return { kind: "end", phase: "Advancing", why };
  return { kind: "wait", until: Math.min(until, end), why };
}

/** Looks again a little later. */
export function look(deployment: string, now: number): Action {
  return { kind: "wait", until: now + LOOK_INTERVAL, why: `${deployment} is changing` };
}

/** Writes the journal alone. */
export function unchanged(
  { traffic, mirror }: Observed,
  journal: Journal,
): Extract<Action, { kind: "write" }> {
  return { kind: "write", traffic, mirror, journal, why: "" };
}

/** Whether there is nothing to write. */
export function isLive({ traffic, mirror }: Observed, wanted: Maps): boolean {
  return same(traffic, wanted.traffic) && same(mirror, wanted.mirror);
}
