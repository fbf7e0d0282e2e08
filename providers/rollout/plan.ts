import { isLive, look, makeAnew, unlessOthersHaveAll } from "./actions";
import { aliasDue } from "./alias";
import { unlessUnfinished } from "./good-end";
import { NO_JOURNAL } from "./journal";
import { quotaFirst } from "./quota";
import { beginsPaused, isWaiting, judgeFirst, waitToBegin } from "./run-gate";
import { keepServing } from "./serving";
import { detached, remove, scaling } from "./scaling";
import { move, rollBack, UNCOUNTED } from "./steps";
import { withdrawn } from "./traffic";
import type { Action, Evidence, Journal, Moving, Observed, RolloutSpec } from "./types";

/** The one thing to do next on the way to the wanted generation; `end` and `fail` when there is nothing more to do now. */
export function plan(spec: RolloutSpec, observed: Observed, now: number): Action {
  const journal = observed.journal ?? NO_JOURNAL;
  return unlessUnfinished(spec, observed, journal, planNext(spec, observed, journal, now));
}

function planNext(spec: RolloutSpec, observed: Observed, journal: Journal, now: number): Action {
  const { moving } = journal;
  if (moving !== undefined && moving.generation !== spec.generation)
    return rollBack(spec, observed, journal, moving, now, undefined);
  if (moving !== undefined && isWaiting(spec, moving))
    return waitToBegin(spec, observed, journal, moving, now);
  if (moving !== undefined) return move(spec, observed, journal, moving, now);
  const due = aliasDue(spec, observed, journal) ?? scaling(spec, observed, journal);
  if (due !== undefined) return due;
  if (journal.serving === spec.generation) return keepServing(spec, observed, journal, now);
  return begin(spec, observed, journal, now);
}

/** The one thing to do next on the way to an endpoint without anything of the rollout's. */
export function planRemoval(observed: Observed, now: number): Action {
  const own = Object.keys(observed.deployments).filter((name) => observed.deployments[name]?.ours);
  const maps = withdrawn(observed);
  if (!isLive(observed, maps))
    return { kind: "write", ...maps, journal: observed.journal, why: "the traffic is taken away" };
  const next = own.find((name) => observed.deployments[name]?.state !== "changing");
  if (next !== undefined) return remove(observed, next);
  if (own[0] !== undefined) return look(own[0], now);
  // Somebody deleted its deployment.
  const stray = detached(observed, () => true);
  if (stray !== undefined) return stray;
  if (observed.journal !== undefined)
    return { kind: "write", ...maps, journal: undefined, why: "the rollout is gone" };
  return { kind: "end", phase: "Gone" };
}

/** What is still true of the evidence when this journal is written: a measurement belongs to its step. */
export function evidenceAfter({ journal, evidence }: Observed, written: Journal | undefined): Evidence {
  const { aliased, measurement, quota, replayed, scaling: scaled } = evidence;
  const kept = {
    ...(quota === undefined ? {} : { quota }),
    ...(scaled === undefined ? {} : { scaling: { done: scaled.done } }),
  };
  const before = journal?.moving;
  const after = written?.moving;
  if (before?.step !== after?.step || before?.since !== after?.since) return kept;
  return {
    ...kept,
    ...(measurement === undefined ? {} : { measurement: { ...measurement, noted: true } }),
    ...(replayed === undefined ? {} : { replayed }),
    ...(aliased === undefined ? {} : { aliased }),
  };
}

function begin(spec: RolloutSpec, observed: Observed, journal: Journal, now: number): Action {
  const { generation, autoscale } = spec;
  const refusal = journal.refused.find((one) => one.generation === generation);
  if (refusal !== undefined && refusal.retry === spec.retry)
    return { kind: "fail", reason: `${generation} was refused before: ${refusal.reason}` };
  const there = observed.deployments[generation];
  if (there !== undefined && !there.ours)
    return { kind: "fail", reason: `somebody else's deployment has the name ${generation}` };
  if (observed.evidence.deployFailure !== undefined)
    return { kind: "fail", reason: observed.evidence.deployFailure };
  const others = unlessOthersHaveAll(spec, observed, journal);
  if (others !== undefined) return others;
  const proven = journal.old.some((one) => one.generation === generation && one.proven);
  const first = proven ? undefined : judgeFirst(spec, observed, journal);
  if (first !== undefined) return first;
  // What is left of an attempt that failed.
  if (there?.state === "failed") return makeAnew(spec, observed, journal);
  const quota = quotaFirst(spec, observed, journal);
  if (quota !== undefined) return quota;
  const { run } = observed.evidence;
  const straight = journal.serving === undefined || proven;
  const { instances } = observed.deployments[journal.serving ?? ""] ?? {};
  const moving: Moving = {
    generation,
    step: -1,
    since: now,
    saved: observed.traffic,
    ...UNCOUNTED,
    ...(straight ? { straight } : {}),
    ...(spec.retry === undefined ? {} : { retry: spec.retry }),
    ...beginsPaused(run),
    ...(autoscale === undefined || instances === undefined ? {} : { instances }),
  };
  return {
    kind: "write",
    traffic: observed.traffic,
    mirror: observed.mirror,
    journal: {
      ...journal,
      moving,
      refused: journal.refused.filter((one) => one !== refusal),
      old: journal.old.filter((one) => one.generation !== generation),
    },
    why: proven
      ? `back to ${generation}`
      : `${generation} begins${run === undefined ? "" : `: ${run.verdict}: ${run.reason}`}`,
  };
}
