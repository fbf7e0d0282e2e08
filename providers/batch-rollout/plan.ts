import { keptOf } from "../generations/past";
import { NO_JOURNAL } from "./journal";
import { deployed, look, unchanged } from "./actions";
import { promoted } from "./promoted";
import { giveUp, prove } from "./prove";
import type { Action, BatchRolloutSpec, Journal, Observed } from "./types";

/** The one thing to do next on the way to the wanted generation; `end` and `fail` when there is nothing more to do now. */
export function plan(spec: BatchRolloutSpec, observed: Observed, now: number): Action {
  const journal = observed.journal ?? NO_JOURNAL;
  const { moving, serving } = journal;
  if (moving !== undefined && (moving.generation !== spec.generation || moving.retry !== spec.retry))
    return giveUp(spec, observed, journal, moving, now);
  if (moving !== undefined) return prove(spec, observed, journal, moving, now);
  if (serving === spec.generation) return keepServing(spec, observed, journal, now);
  return begin(spec, observed, journal, now);
}

/** The one thing to do next on the way to an endpoint without anything of the rollout's. */
export function planRemoval(observed: Observed, now: number): Action {
  const { defaultDeployment, deployments, journal, evidence } = observed;
  const job = journal?.moving?.job;
  if (job !== undefined && observed.job === "running" && evidence.cancelled !== job.name)
    return { kind: "cancel", job: job.name };
  if (defaultDeployment !== undefined && deployments[defaultDeployment]?.ours === true)
    return {
      kind: "write",
      defaultDeployment: undefined,
      journal,
      why: "the endpoint has no default any more",
    };
  const own = ownNames(observed);
  const next = own.find((name) => deployments[name]?.state !== "changing");
  if (next !== undefined) return { kind: "remove", deployment: next };
  if (own[0] !== undefined) return look(own[0], now);
  if (journal !== undefined)
    return { kind: "write", defaultDeployment, journal: undefined, why: "the rollout is gone" };
  return { kind: "end", phase: "Gone" };
}

function begin(spec: BatchRolloutSpec, observed: Observed, journal: Journal, now: number): Action {
  const { generation, retry } = spec;
  const there = observed.deployments[generation];
  const refusal = journal.refused.find((one) => one.generation === generation);
  if (refusal !== undefined && refusal.retry === retry)
    return { kind: "fail", reason: `${generation} was refused before: ${refusal.reason}` };
  if (there !== undefined && !there.ours)
    return { kind: "fail", reason: `somebody else's deployment has the name ${generation}` };
  const isProven = journal.old.some((one) => one.generation === generation && one.proven);
  if (isProven && there?.state === "changing") return look(generation, now);
  if (isProven && there?.state === "ready")
    return promoted(spec, journal, now, `back to ${generation}: it is the default again`);
  return unchanged(
    observed,
    {
      ...journal,
      moving: { generation, since: now, ...(retry === undefined ? {} : { retry }) },
      refused: journal.refused.filter((one) => one !== refusal),
      old: journal.old.filter((one) => one.generation !== generation),
    },
    `${generation} begins`,
  );
}

/** What was proven has to be there, be the default, and be alone when the time of the others has come. */
function keepServing(spec: BatchRolloutSpec, observed: Observed, journal: Journal, now: number): Action {
  const { generation } = spec;
  const needed = deployed(spec, observed, journal, now);
  if (needed !== undefined) return needed;
  if (observed.defaultDeployment !== generation)
    return {
      kind: "write",
      defaultDeployment: generation,
      journal,
      why: `${generation} is made the default again`,
    };
  const due = dueIn(spec, observed, journal, now);
  const next = due.find((name) => observed.deployments[name]?.state !== "changing");
  if (next !== undefined) return { kind: "remove", deployment: next };
  if (due[0] !== undefined) return look(due[0], now);
  const old = journal.old.filter((one) => observed.deployments[one.generation]?.ours === true);
  if (old.length < journal.old.length)
    return unchanged(observed, { ...journal, old }, "old generations are gone");
  return { kind: "end", phase: "Serving" };
}

/** Own deployments that nothing keeps any more; what the journal doesn't know of is one, too. */
export function dueIn(
  spec: BatchRolloutSpec,
  observed: Observed,
  journal: Journal,
  now: number,
): readonly string[] {
  const kept = keptOf(spec, journal);
  const untilOf = (name: string): number =>
    journal.old.find(({ generation }) => generation === name)?.until ?? now;
  return ownNames(observed).filter(
    (name) =>
      name !== spec.generation &&
      name !== observed.defaultDeployment &&
      !kept.includes(name) &&
      untilOf(name) <= now,
  );
}

function ownNames({ deployments }: Observed): string[] {
  return Object.keys(deployments).filter((name) => deployments[name]?.ours);
}
