import { ML_API_VERSION, type Arm } from "../clients/arm";
import { ProviderError } from "../clients/errors";
import { azureService, type DeploymentBody } from "./azure";
import { notifierOf } from "./notify";
import { plan } from "./plan";
import { plannerSpec } from "./provider";
import { planReturn } from "./return";
import { run, type Ending, type Service } from "./run";
import { restoredBody, specIn, type StoredSpec } from "./spec";
import type { Action, Journal, Observed, RolloutSpec } from "./types";
import { asWriter, type Writing } from "./writer";

/** How a command on a rollout ended, and for which generation. */
export interface Outcome {
  readonly generation: string;
  readonly ending: Ending;
}

export interface Where {
  readonly arm: Arm;
  readonly endpointId: string;
  /** Takes one line of progress. */
  readonly say: (line: string) => void;
}

/**
 * What `promote: generation` in the program does: the generation goes on from its pause, and passes those to come.
 *
 * @param maxHoldSeconds instead of the declared one
 * @throws ProviderError where it is not that generation that waits
 */
export async function promote(where: Where, generation: string, maxHoldSeconds?: number): Promise<Outcome> {
  return await onStored(where, async (spec, service, { record }) => {
    const { moving } = (await service.observe()).journal ?? {};
    mustMove(moving, generation);
    if (moving?.paused === undefined)
      throw new ProviderError({
        what: "it waits for nobody",
        where: generation,
        tryThis: "`rollout advance`, which goes on with it",
      });
    const wanted = {
      ...spec,
      promote: generation,
      ...(maxHoldSeconds === undefined ? {} : { maxHoldSeconds }),
    };
    return await goOn(wanted, service, where, record);
  });
}

/** Goes on with what is under way, and deletes what has served its time. @param maxHoldSeconds instead of the declared one */
export async function advance(where: Where, maxHoldSeconds?: number): Promise<Outcome> {
  return await onStored(where, async (spec, service, { record }) => {
    const { journal } = await service.observe();
    const generation = wantedNow(spec, journal);
    const wanted = { ...spec, generation, ...(maxHoldSeconds === undefined ? {} : { maxHoldSeconds }) };
    return await goOn(wanted, service, where, record);
  });
}

/** What `abort: generation` in the program does: the saved traffic comes back at once, and the generation is refused. */
export async function abort(where: Where, generation: string, reason?: string): Promise<Outcome> {
  return await onStored(where, async (spec, service, { record }) => {
    mustMove((await service.observe()).journal?.moving, generation);
    return await leave(spec, generation, withReason("it was aborted", reason), service, where, record);
  });
}

/** Leaves the generation that is on its way, or else the one that serves, for the one that served before. */
export async function goBack(where: Where, reason?: string): Promise<Outcome> {
  return await onStored(where, async (spec, service, { record }) => {
    const { journal } = await service.observe();
    const left = journal?.moving?.generation ?? journal?.serving;
    if (left === undefined) throw new ProviderError({ what: "nothing serves yet", where: where.endpointId });
    return await leave(spec, left, withReason("it was rolled back", reason), service, where, record);
  });
}

async function goOn(
  spec: RolloutSpec,
  service: Service,
  { say }: Where,
  record: Writing["record"],
): Promise<Outcome> {
  const next = (observed: Observed, now: number): Action => plan(spec, observed, now);
  return { generation: spec.generation, ending: await run(service, next, say, record) };
}

async function leave(
  spec: RolloutSpec,
  left: string,
  reason: string,
  service: Service,
  { say }: Where,
  record: Writing["record"],
): Promise<Outcome> {
  const next = (observed: Observed, now: number): Action => planReturn(spec, left, reason, observed, now);
  return { generation: left, ending: await run(service, next, say, record) };
}

/** What is declared; and what serves, where that was declared and taken back. */
export function wantedNow({ generation, retry }: RolloutSpec, journal: Journal | undefined): string {
  const refusal = journal?.refused.find((one) => one.generation === generation);
  const isBack = refusal !== undefined && refusal.retry === retry && journal?.moving === undefined;
  return isBack ? (journal?.serving ?? generation) : generation;
}

function mustMove(moving: Journal["moving"], generation: string): void {
  if (moving?.generation === generation) return;
  throw new ProviderError({
    what: "this generation is not on its way",
    where: generation,
    allowed: moving === undefined ? "none: no rollout is under way" : moving.generation,
  });
}

function withReason(what: string, reason: string | undefined): string {
  return reason === undefined ? what : `${what}: ${reason}`;
}

/** Does the work on the declared rollout that the last `up` left in the workspace's store, as the endpoint's only writer. */
async function onStored(
  { arm, endpointId, say }: Where,
  work: (spec: RolloutSpec, service: Service, writing: Writing) => Promise<Outcome>,
): Promise<Outcome> {
  return await asWriter(arm, endpointId, say, async (writing) => {
    const stored = specIn((await writing.spec.read())?.text);
    if (stored === undefined)
      throw new ProviderError({
        what: "this version of the package has rolled nothing forward on it",
        where: endpointId,
        tryThis: "`pulumi up` of the program that declares its RollingDeployment",
      });
    const service = await serviceOf(arm, stored, writing, say);
    const record = notifierOf(stored.inputs.notify, endpointId, say).beside(writing.record);
    return await work(plannerSpec(stored.inputs), service, { ...writing, record });
  });
}

/** The endpoint, whose deployment can be made only where all that it is made of is known. */
async function serviceOf(
  arm: Arm,
  stored: StoredSpec,
  { mustHold }: Writing,
  say: (line: string) => void,
): Promise<Service> {
  const { endpointId, generation, deployment } = stored.inputs;
  const id = `${endpointId}/deployments/${generation}`;
  const live = await arm.read<DeploymentBody>(id, { apiVersion: ML_API_VERSION });
  const body = restoredBody(stored, live);
  const azure = azureService(arm, { ...stored.inputs, deployment: body ?? deployment }, mustHold, say);
  const service = stored.inputs.check === undefined ? azure : { ...azure, measure: checkUnknown };
  if (body !== undefined) return service;
  return {
    ...service,
    deploy: async () => {
      throw new ProviderError({
        what: `its environment variables (${stored.withheld.join(", ")}) are known to the program alone`,
        where: id,
        tryThis: "`pulumi up` of that program",
      });
    },
  };
}

async function checkUnknown({ generation }: { readonly generation: string }): Promise<never> {
  throw new ProviderError({
    what: "the address of its check is known to the program alone",
    where: generation,
    tryThis: "`pulumi up` of that program",
  });
}
