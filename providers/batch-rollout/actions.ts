import type { Action, BatchRolloutSpec, Journal, Observed } from "./types";

/** Azure's limit for an endpoint. */
const MOST_DEPLOYMENTS = 20;
/** How often a deployment or a job is looked at, in milliseconds. */
const LOOK_INTERVAL = 5_000;

/** What the wanted generation's deployment lacks to be ready and as declared; undefined where it lacks nothing. */
export function deployed(
  spec: BatchRolloutSpec,
  observed: Observed,
  journal: Journal,
  now: number,
): Action | undefined {
  const { generation } = spec;
  const { deployments, evidence, defaultDeployment } = observed;
  const there = deployments[generation];
  if (there !== undefined && !there.ours)
    return { kind: "fail", reason: `somebody else's deployment has the name ${generation}` };
  if (evidence.deployFailure !== undefined) return { kind: "fail", reason: evidence.deployFailure };
  if (there === undefined) return makeRoom(generation, observed, journal);
  if (there.state === "changing") return look(generation, now);
  // Azure deletes no default: that is made anew in its place.
  if (there.state === "failed" && defaultDeployment !== generation)
    return { kind: "remove", deployment: generation };
  if (there.state === "failed" || there.outdated === true) return { kind: "deploy", generation };
  return undefined;
}

function makeRoom(generation: string, observed: Observed, { serving }: Journal): Action {
  const { deployments, defaultDeployment } = observed;
  const names = Object.keys(deployments);
  if (names.length < MOST_DEPLOYMENTS) return { kind: "deploy", generation };
  const spare = names.find((name) => {
    const { ours, state } = deployments[name] ?? {};
    return ours === true && state !== "changing" && name !== serving && name !== defaultDeployment;
  });
  return spare === undefined
    ? {
        kind: "fail",
        reason: `the endpoint has ${MOST_DEPLOYMENTS} deployments, which is all that it may have`,
      }
    : { kind: "remove", deployment: spare };
}

/** Looks again a little later. */
export function look(what: string, now: number, why = `${what} is changing`): Action {
  return { kind: "wait", until: now + LOOK_INTERVAL, why };
}

/** Writes the journal alone. */
export function unchanged(
  { defaultDeployment }: Observed,
  journal: Journal,
  why: string,
): Extract<Action, { kind: "write" }> {
  return { kind: "write", defaultDeployment, journal, why };
}
