import { isDeepStrictEqual } from "node:util";
import { isReady, mapsOf, restored, same, withdrawn, type Maps } from "./traffic";
import type {
  Action,
  Evidence,
  Journal,
  Measurement,
  Moving,
  Observed,
  OldGeneration,
  RolloutSpec,
} from "./types";

/** Azure's limit for an endpoint. */
const MOST_DEPLOYMENTS = 20;
/** How often a deployment that changes is looked at, in milliseconds. */
const LOOK_INTERVAL = 5_000;
/** How many refused generations are remembered, and how much of each reason. */
const REFUSALS = 5;
const REASON_LENGTH = 240;

const EMPTY: Journal = { refused: [], old: [] };
const UNCOUNTED = { failures: 0, errors: 0, inconclusive: 0 };

/** The one thing to do next on the way to the wanted generation; `end` and `fail` when there is nothing more to do now. */
export function plan(spec: RolloutSpec, observed: Observed, now: number): Action {
  const journal = observed.journal ?? EMPTY;
  const { moving } = journal;
  if (moving !== undefined && moving.generation !== spec.generation)
    return rollBack(spec, observed, journal, moving, now, undefined);
  if (moving !== undefined) return move(spec, observed, journal, moving, now);
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
  if (next !== undefined) return { kind: "remove", deployment: next };
  if (own[0] !== undefined) return look(own[0], now);
  if (observed.journal !== undefined)
    return { kind: "write", ...maps, journal: undefined, why: "the rollout is gone" };
  return { kind: "end", phase: "Gone" };
}

/** What is still true of the evidence when this journal is written: a measurement belongs to its step. */
export function evidenceAfter({ journal, evidence }: Observed, written: Journal | undefined): Evidence {
  const { measurement } = evidence;
  const before = journal?.moving;
  const after = written?.moving;
  return measurement !== undefined && before?.step === after?.step && before?.since === after?.since
    ? { measurement: { ...measurement, noted: true } }
    : {};
}

function begin(spec: RolloutSpec, observed: Observed, journal: Journal, now: number): Action {
  const { generation } = spec;
  const refusal = journal.refused.find((one) => one.generation === generation);
  if (refusal !== undefined && refusal.retry === spec.retry)
    return { kind: "fail", reason: `${generation} was refused before: ${refusal.reason}` };
  const there = observed.deployments[generation];
  if (there !== undefined && !there.ours)
    return { kind: "fail", reason: `somebody else's deployment has the name ${generation}` };
  // What is left of an attempt that failed is made anew.
  if (there?.state === "failed") return { kind: "remove", deployment: generation };
  const proven = journal.old.some((one) => one.generation === generation && one.proven);
  const straight = journal.serving === undefined || proven;
  const moving: Moving = {
    generation,
    step: -1,
    since: now,
    saved: observed.traffic,
    ...UNCOUNTED,
    ...(straight ? { straight } : {}),
    ...(spec.retry === undefined ? {} : { retry: spec.retry }),
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
    why: proven ? `back to ${generation}` : `${generation} begins`,
  };
}

function move(spec: RolloutSpec, observed: Observed, journal: Journal, moving: Moving, now: number): Action {
  const { generation } = moving;
  if (spec.abort === generation) return rollBack(spec, observed, journal, moving, now, "it was aborted");
  const { deployFailure, measurement } = observed.evidence;
  if (deployFailure !== undefined) return rollBack(spec, observed, journal, moving, now, deployFailure);
  const there = observed.deployments[generation];
  if (there === undefined && moving.step >= 0)
    return rollBack(spec, observed, journal, moving, now, "somebody deleted its deployment");
  if (there === undefined) return makeRoom(spec, observed, journal);
  if (there.state === "failed")
    return rollBack(spec, observed, journal, moving, now, "its deployment failed");
  if (!isReady(observed, generation)) return look(generation, now);
  if (there.outdated === true) return { kind: "deploy", generation };
  if (moving.step < 0) return prove(spec, observed, journal, moving, now);

  const step = stepAt(spec, moving);
  const maps = mapsOf(spec, observed, generation, journal.serving, step);
  if (!isLive(observed, maps))
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

/** Holds the step until its end, measuring; then the last measurement has to be one that passed. */
function bake(spec: RolloutSpec, observed: Observed, journal: Journal, moving: Moving, now: number): Action {
  const { generation, since } = moving;
  const { judgement } = spec;
  const end = since + stepAt(spec, moving).bakeSeconds * 1000;
  const last = observed.evidence.measurement;
  if (now >= end && (judgement === undefined || (last?.verdict === "passed" && last.at >= end)))
    return stepEnded(spec, observed, journal, moving, now);
  const interval = judgement === undefined ? Infinity : judgement.intervalSeconds * 1000;
  const due = last === undefined ? (judgement === undefined ? Infinity : since) : last.at + interval;
  // A measurement from before the end says nothing about the whole step.
  const next = now >= end && (last?.at ?? 0) < end ? now : due;
  if (next <= now) return { kind: "measure", generation, baseline: journal.serving, since };
  const until = Math.min(next, now < end ? end : Infinity);
  return hold(spec, observed, now, until, `${generation} is held at step ${moving.step + 1}`);
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

/** To the next step, or to the end. */
function advance(
  spec: RolloutSpec,
  observed: Observed,
  journal: Journal,
  { generation, saved, straight, retry, ...before }: Moving,
  now: number,
): Action {
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
function rollBack(
  spec: RolloutSpec,
  observed: Observed,
  journal: Journal,
  { generation, saved, retry }: Moving,
  now: number,
  reason: string | undefined,
): Action {
  const refusal = {
    generation,
    reason: (reason ?? "").slice(0, REASON_LENGTH),
    ...(retry === undefined ? {} : { retry }),
  };
  const refused = journal.refused.filter((one) => one.generation !== generation);
  const made = generation in observed.deployments && generation !== journal.serving;
  return {
    kind: "write",
    ...restored(observed, saved),
    journal: {
      ...settled(journal),
      refused: reason === undefined ? refused : [...refused, refusal].slice(-REFUSALS),
      old: made ? retire(spec, journal.old, generation, false, now) : journal.old,
    },
    why: reason === undefined ? `${generation} is given up` : `${generation} is rolled back: ${reason}`,
  };
}

function settled({ serving, refused, old }: Journal): Journal {
  return { ...(serving === undefined ? {} : { serving }), refused, old };
}

function retire(
  { retireAfterSeconds }: RolloutSpec,
  old: readonly OldGeneration[],
  generation: string,
  proven: boolean,
  now: number,
): OldGeneration[] {
  const others = old.filter((one) => one.generation !== generation);
  return [...others, { generation, until: now + retireAfterSeconds * 1000, proven }];
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
  const end = moving.since + stepAt(spec, moving).bakeSeconds * 1000;
  const { verdict, reason } = measurement;
  const counted = {
    ...moving,
    failures: moving.failures + (verdict === "failed" ? 1 : 0),
    errors: verdict === "error" ? moving.errors + 1 : 0,
    // Before the end there is time yet for more requests.
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

function unchanged({ traffic, mirror }: Observed, journal: Journal): Extract<Action, { kind: "write" }> {
  return { kind: "write", traffic, mirror, journal, why: "" };
}

function keepServing(spec: RolloutSpec, observed: Observed, journal: Journal, now: number): Action {
  const { generation } = spec;
  const there = observed.deployments[generation];
  if (observed.evidence.deployFailure !== undefined)
    return { kind: "fail", reason: observed.evidence.deployFailure };
  if (there === undefined) return makeRoom(spec, observed, journal);
  if (!there.ours) return { kind: "fail", reason: `somebody else's deployment has the name ${generation}` };
  if (!isReady(observed, generation)) {
    if (there.state === "changing") return look(generation, now);
    return (observed.traffic[generation] ?? 0) > 0
      ? { kind: "deploy", generation }
      : { kind: "remove", deployment: generation };
  }
  if (there.outdated === true) return { kind: "deploy", generation };
  const maps = mapsOf(spec, observed, generation, undefined, { weight: 100 });
  if (!isLive(observed, maps))
    return { kind: "write", ...maps, journal, why: `${generation} is given back its traffic` };
  return retireOld(spec, observed, journal, now);
}

/** Old generations go when their time has come, without those that are kept; what the journal doesn't know of goes, too. */
function retireOld(spec: RolloutSpec, observed: Observed, journal: Journal, now: number): Action {
  const there = Object.keys(observed.deployments).filter(
    (name) => observed.deployments[name]?.ours && name !== spec.generation,
  );
  const kept = keptOf(spec, journal);
  const going = there
    .filter((name) => !kept.includes(name))
    .map((name) => ({ name, until: journal.old.find((one) => one.generation === name)?.until ?? now }));
  const due = going.find(({ until }) => until <= now);
  if (due !== undefined)
    return observed.deployments[due.name]?.state === "changing"
      ? look(due.name, now)
      : { kind: "remove", deployment: due.name };
  const old = journal.old.filter((one) => there.includes(one.generation));
  if (old.length < journal.old.length)
    return { ...unchanged(observed, { ...journal, old }), why: "old generations are gone" };
  const next = Math.min(...going.map(({ until }) => until));
  if (next === Infinity) return { kind: "end", phase: "Serving" };
  return hold(spec, observed, now, next, `${going.map(({ name }) => name).join(", ")} is kept a while`);
}

function keptOf({ keepGenerations }: RolloutSpec, { old }: Journal): string[] {
  const proven = old.filter((one) => one.proven).map(({ generation }) => generation);
  return keepGenerations === 0 ? [] : proven.slice(-keepGenerations);
}

/** Makes the generation, when the endpoint has room for it or an old one can go. */
function makeRoom({ generation }: RolloutSpec, observed: Observed, journal: Journal): Action {
  if (Object.keys(observed.deployments).length < MOST_DEPLOYMENTS) return { kind: "deploy", generation };
  const spare = Object.keys(observed.deployments).find(
    (name) =>
      observed.deployments[name]?.ours &&
      observed.deployments[name]?.state !== "changing" &&
      name !== journal.serving &&
      !(name in (journal.moving?.saved ?? {})) &&
      (observed.traffic[name] ?? 0) === 0 &&
      (observed.mirror[name] ?? 0) === 0,
  );
  return spare === undefined
    ? {
        kind: "fail",
        reason: `the endpoint has ${MOST_DEPLOYMENTS} deployments, which is all that it may have`,
      }
    : { kind: "remove", deployment: spare };
}

function hold(
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

function look(deployment: string, now: number): Action {
  return { kind: "wait", until: now + LOOK_INTERVAL, why: `${deployment} is changing` };
}

function stepAt({ steps }: RolloutSpec, { step }: Moving): RolloutSpec["steps"][number] {
  return steps[Math.min(step, steps.length - 1)] ?? { weight: 100, bakeSeconds: 0 };
}

function isLive({ traffic, mirror }: Observed, wanted: Maps): boolean {
  return same(traffic, wanted.traffic) && same(mirror, wanted.mirror);
}
