import { createHash } from "node:crypto";
import { duration } from "../generations/duration";
import { retire } from "../generations/past";
import { refuse } from "../generations/refusals";
import { present } from "../inputs";
import { deployed, look, unchanged } from "./actions";
import { promoted } from "./promoted";
import type { Action, BatchRolloutSpec, Journal, Moving, Observed, ProofJob } from "./types";

const DIGEST = 12;

/** The one thing to do next for the generation that is on its way. */
export function prove(
  spec: BatchRolloutSpec,
  observed: Observed,
  journal: Journal,
  moving: Moving,
  now: number,
): Action {
  const { generation } = spec;
  const { deployFailure, verdict } = observed.evidence;
  if (deployFailure !== undefined) return refused(spec, observed, journal, deployFailure, now);
  const needed = deployed(spec, observed, journal, now);
  if (needed !== undefined) return needed;
  const { job } = moving;
  if (job === undefined) return noted(spec, observed, journal, moving, now);
  if (verdict?.job === job.name)
    return verdict.problem === undefined
      ? promoted(spec, journal, now, `${generation} is proven, and the default`)
      : refused(spec, observed, journal, verdict.problem, now);
  return follow(spec, observed, journal, { ...moving, job }, now);
}

/** Leaves what another program, or an earlier version of this one, wanted: nothing was given to it yet. */
export function giveUp(
  spec: BatchRolloutSpec,
  observed: Observed,
  journal: Journal,
  { generation, job }: Moving,
  now: number,
): Action {
  if (isRunning(observed, job)) return { kind: "cancel", job: job.name };
  return unchanged(observed, left(spec, observed, journal, generation, now), `${generation} is given up`);
}

/** The job is submitted, waited for and looked at. */
function follow(
  spec: BatchRolloutSpec,
  observed: Observed,
  journal: Journal,
  moving: Moving & { readonly job: ProofJob },
  now: number,
): Action {
  const { generation, maxProofSeconds } = spec;
  const { name, since } = moving.job;
  const isLate = now >= since + maxProofSeconds * 1000;
  const isSubmitted = observed.evidence.submitted === name;
  if (observed.job === "ended") return { kind: "check", job: name };
  if (observed.job !== "running" && !isSubmitted)
    // The run that noted it was killed before it could submit it.
    return isLate ? noted(spec, observed, journal, moving, now) : { kind: "submit", generation, job: name };
  if (!isLate) return look(name, now, `job ${name}: ${observed.jobStatus ?? "submitted"}`);
  if (isRunning(observed, moving.job)) return { kind: "cancel", job: name };
  const reason = `job ${name} has not ended in ${duration(maxProofSeconds * 1000)}`;
  return refused(spec, observed, journal, reason, now);
}

function isRunning(observed: Observed, job: ProofJob | undefined): job is ProofJob {
  return job !== undefined && observed.job === "running" && observed.evidence.cancelled !== job.name;
}

/** The job's name is in the journal before it is submitted: the same attempt never has two. */
function noted(
  { generation, proof }: BatchRolloutSpec,
  observed: Observed,
  journal: Journal,
  moving: Moving,
  now: number,
): Action {
  const digest = createHash("sha256")
    .update(JSON.stringify([generation, proof, moving.since, moving.retry]))
    .digest("hex")
    .slice(0, DIGEST);
  const job = { name: `proof-${generation}-${digest}`, since: now };
  return unchanged(observed, { ...journal, moving: { ...moving, job } }, "");
}

/** The default stays where it is; the generation stays for a look until another is proven. */
function refused(
  spec: BatchRolloutSpec,
  observed: Observed,
  journal: Journal,
  reason: string,
  now: number,
): Action {
  const { generation, retry } = spec;
  return {
    ...unchanged(
      observed,
      {
        ...left(spec, observed, journal, generation, now),
        refused: refuse(journal, generation, reason, retry),
      },
      `${generation} is refused; the default stays ${observed.defaultDeployment ?? "unset"}`,
    ),
    failure: `${generation} is refused: ${reason}`,
  };
}

/** The journal without the generation on its way, which goes when others do. */
function left(
  spec: BatchRolloutSpec,
  { deployments }: Observed,
  { serving, refused, old }: Journal,
  generation: string,
  now: number,
): Journal {
  const isMade = generation in deployments;
  return present({ serving, refused, old: isMade ? retire(spec, old, generation, false, now) : old });
}
