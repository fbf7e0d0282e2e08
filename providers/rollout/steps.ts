import { isDeepStrictEqual } from "node:util";
import { deploy, growth } from "./capacity";
import { hold, isLive, look, makeRoom, unchanged, unlessOthersHaveAll } from "./actions";
import { retire } from "../generations/past";
import { REASON_LENGTH, refuse } from "../generations/refusals";
import { scaling } from "./scaling";
import { isReady, mapsOf, restored } from "./traffic";
import type { Action, Journal, Measurement, Moving, Observed, RolloutSpec, Step } from "./types";

export const UNCOUNTED = { failures: 0, errors: 0, inconclusive: 0 };

/** The one thing to do next for the generation that is on its way. */
export function move(
  spec: RolloutSpec,
  observed: Observed,
  journal: Journal,
  moving: Moving,
  now: number,
): Action {
  const { generation } = moving;
  if (spec.abort === generation) return rollBack(spec, observed, journal, moving, now, "it was aborted");
  const { deployFailure, measurement } = observed.evidence;
  if (deployFailure !== undefined) return rollBack(spec, observed, journal, moving, now, deployFailure);
  const there = observed.deployments[generation];
  if (there === undefined && moving.step >= 0)
    return rollBack(spec, observed, journal, moving, now, "somebody deleted its deployment");
  if (there === undefined) return makeRoom(spec, observed, journal);
  if (!there.ours)
    return rollBack(spec, observed, journal, moving, now, "somebody else's deployment has its name");
  if (there.state === "failed")
    return rollBack(spec, observed, journal, moving, now, "its deployment failed");
  const isProven = moving.step >= 0;
  if (isProven ? !isReady(observed, generation) : there.state === "changing") return look(generation, now);
  if (there.outdated === true) return deploy(spec, observed, journal);
  const scaled = scaling(spec, observed, journal);
  if (scaled !== undefined) return scaled;
  if (!isProven) return prove(spec, observed, journal, moving, now);

  const step = stepAt(spec, moving);
  const maps = mapsOf(spec, observed, generation, journal.serving, step);
  if (spec.onDrift === "putBack" && !isLive(observed, maps))
    return { kind: "write", ...maps, journal, why: `${generation} is given back its ${step.weight} %` };
  const noted = measurement && note(spec, observed, journal, moving, measurement, now);
  if (noted !== undefined) return noted;
  if (moving.paused !== undefined)
    return spec.promote === generation
      ? advance(spec, observed, journal, moving, now)
      : { kind: "end", phase: "Paused", why: moving.paused };
  return bake(spec, observed, journal, moving, now);
}

/** The generation answers its smoke requests before anybody else's. */
function prove(spec: RolloutSpec, observed: Observed, journal: Journal, moving: Moving, now: number): Action {
  const { smoke } = observed.evidence;
  if (spec.smoked && smoke === undefined) return { kind: "smoke", generation: moving.generation };
  if (spec.smoked && smoke?.passed !== true)
    return rollBack(spec, observed, journal, moving, now, smoke?.reason ?? "a smoke request failed");
  return advance(spec, observed, journal, moving, now);
}

/** Holds the step until its end, measuring; then the last measurement has to be one that passed, with all figures of the step. */
function bake(spec: RolloutSpec, observed: Observed, journal: Journal, moving: Moving, now: number): Action {
  const { generation, since } = moving;
  const { judgement } = spec;
  const { mirror = 0, bakeSeconds } = stepAt(spec, moving);
  const { measurement: last, replayed } = observed.evidence;
  const end = judgedFrom(spec, observed, moving);
  if (now >= end && (judgement === undefined || (last?.verdict === "passed" && last.at >= end)))
    return stepEnded(spec, observed, journal, moving, now);
  const half = since + bakeSeconds * 500;
  const missing = last !== undefined && last.at >= half ? last.missing : undefined;
  if (judgement?.replays === true && missing !== undefined && replayed === undefined)
    return { kind: "replay", generation, count: missing };
  const interval = judgement === undefined ? Infinity : judgement.intervalSeconds * 1000;
  const due = last === undefined ? (judgement === undefined ? Infinity : since) : last.at + interval;
  // A measurement from before the end says nothing about the whole step.
  const next = now >= end && (last?.at ?? 0) < end ? now : due;
  if (next <= now)
    return { kind: "measure", generation, baseline: journal.serving, since, mirrored: mirror > 0 };
  const until = Math.min(next, now < end ? end : Infinity);
  return hold(spec, observed, now, until, `${generation} is held at step ${moving.step + 1}`);
}

/** From when on a measurement has all figures of the step, and of what was sent again in it. */
function judgedFrom(spec: RolloutSpec, { evidence }: Observed, moving: Moving): number {
  const end = moving.since + stepAt(spec, moving).bakeSeconds * 1000;
  return Math.max(end, evidence.replayed ?? 0) + (spec.judgement?.delaySeconds ?? 0) * 1000;
}

function stepEnded(
  spec: RolloutSpec,
  observed: Observed,
  journal: Journal,
  moving: Moving,
  now: number,
): Action {
  if (stepAt(spec, moving).pause !== true || spec.promote === moving.generation)
    return advance(spec, observed, journal, moving, now);
  return pause(observed, journal, moving, `step ${moving.step + 1} waits for promote`);
}

/** To the next step, or to the end; machines come before weight. */
function advance(
  spec: RolloutSpec,
  observed: Observed,
  journal: Journal,
  { generation, saved, straight, retry, instances, ...before }: Moving,
  now: number,
): Action {
  const grown = growth(spec, observed, journal);
  if (grown !== undefined) return grown;
  const step = before.step + 1;
  if (straight === true || step >= spec.steps.length)
    return promote(spec, observed, journal, generation, now);
  const moving: Moving = {
    ...UNCOUNTED,
    generation,
    saved,
    step,
    since: now,
    ...(retry === undefined ? {} : { retry }),
    ...(instances === undefined ? {} : { instances }),
  };
  const { weight, mirror = 0 } = stepAt(spec, moving);
  return {
    kind: "write",
    ...mapsOf(spec, observed, generation, journal.serving, { weight, mirror }),
    journal: { ...journal, moving },
    why: mirror > 0 ? `${generation}: ${mirror} % mirrored` : `${generation}: ${weight} %`,
  };
}

function promote(
  spec: RolloutSpec,
  observed: Observed,
  journal: Journal,
  generation: string,
  now: number,
): Action {
  // Somebody may have moved it to others meanwhile.
  const others = unlessOthersHaveAll(spec, observed, journal);
  if (others !== undefined) return others;
  const { serving } = journal;
  return {
    kind: "write",
    ...mapsOf(spec, observed, generation, undefined, { weight: 100 }),
    journal: {
      ...settled(journal),
      serving: generation,
      old: serving === undefined ? journal.old : retire(spec, journal.old, serving, true, now),
    },
    why: `${generation} is proven and serves`,
  };
}

/** Puts the saved traffic back; with a reason the generation is refused from now on. */
export function rollBack(
  spec: RolloutSpec,
  observed: Observed,
  journal: Journal,
  { generation, saved, retry }: Moving,
  now: number,
  reason: string | undefined,
): Action {
  const made = generation in observed.deployments && generation !== journal.serving;
  return {
    kind: "write",
    ...restored(observed, saved),
    journal: {
      ...settled(journal),
      refused:
        reason === undefined
          ? journal.refused.filter((one) => one.generation !== generation)
          : refuse(journal, generation, reason, retry),
      old: made ? retire(spec, journal.old, generation, false, now) : journal.old,
    },
    why: reason === undefined ? `${generation} is given up` : `${generation} is rolled back: ${reason}`,
  };
}

function settled({ serving, refused, old }: Journal): Journal {
  return { ...(serving === undefined ? {} : { serving }), refused, old };
}

/** What a measurement says goes into the journal where it changes something there. */
function note(
  spec: RolloutSpec,
  observed: Observed,
  journal: Journal,
  moving: Moving,
  measurement: Measurement,
  now: number,
): Action | undefined {
  if (measurement.noted === true) return undefined;
  const { judgement } = spec;
  const end = judgedFrom(spec, observed, moving);
  const { verdict, reason } = measurement;
  const counted = {
    ...moving,
    failures: moving.failures + (verdict === "failed" ? 1 : 0),
    errors: verdict === "error" ? moving.errors + 1 : 0,
    // Before the end there is time yet for more requests, and for figures to arrive.
    inconclusive: moving.inconclusive + (verdict === "inconclusive" && measurement.at >= end ? 1 : 0),
  };
  if (counted.failures > (judgement?.failureLimit ?? 0))
    return rollBack(spec, observed, journal, moving, now, reason);
  if (counted.errors > (judgement?.consecutiveErrorLimit ?? 0))
    return rollBack(spec, observed, journal, moving, now, reason);
  if (counted.inconclusive > (judgement?.inconclusiveLimit ?? 0) && moving.paused === undefined)
    return pause(observed, journal, counted, reason);
  return isDeepStrictEqual(counted, moving)
    ? undefined
    : { ...unchanged(observed, { ...journal, moving: counted }), why: reason };
}

function pause(observed: Observed, journal: Journal, moving: Moving, why: string): Action {
  const paused = why.slice(0, REASON_LENGTH);
  return { ...unchanged(observed, { ...journal, moving: { ...moving, paused } }), why: `paused: ${why}` };
}

export function stepAt({ steps }: RolloutSpec, { step }: Moving): Step {
  return steps[Math.min(step, steps.length - 1)] ?? { weight: 100, bakeSeconds: 0 };
}
