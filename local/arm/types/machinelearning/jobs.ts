import { batchRecord, parentJob } from "../../../batch/job-resource";
import { commandInternal, commandOf, commandProperties } from "../../../command-jobs/job-resource";
import { commandJobSpec } from "../../../command-jobs/job-spec";
import { jobProperties, withoutOwnOutput } from "../../../jobs/job-properties";
import { hasEnded, withStatus } from "../../../jobs/job-status";
import { pipelineInternal, pipelineOf, stepOfJob, sweepStepsOf } from "../../../pipeline-jobs/job-resource";
import { outputsOf } from "../../../pipeline-jobs/pipeline-job";
import { pipelineJobSpec } from "../../../pipeline-jobs/pipeline-spec";
import { sweepInternal, sweepOf, trialsOf, withBest } from "../../../sweep-jobs/job-resource";
import { sweepSpec } from "../../../sweep-jobs/sweep-spec";
import type { JsonObject } from "../../../json";
import type { PipelineState } from "../../../pipeline-jobs/job";
import { badArgument } from "../../errors";
import { objectAt, omit, pick } from "../../objects";
import { lastName } from "../../path";
import type { ActionRequest, Answer, Arm, Made, PutRequest, ResourceType } from "../../resource-type";
import type { StoredResource } from "../../store";
import { ML_API_VERSIONS, workspaceIdOf, WORKSPACES } from "./provider";

const TYPE = `${WORKSPACES}/jobs`;

const STATUSES = [
  "NotStarted", "Starting", "Provisioning", "Preparing", "Queued", "Running", "Finalizing", "CancelRequested",
  "Completed", "Failed", "Canceled", "NotResponding", "Paused", "Unknown",
]; // prettier-ignore

/**
 * Batch, command, pipeline and sweep jobs run. All others are records, and so is a job that is put with a status: nothing runs them, so that
 * whoever puts one says how it went.
 */
export const jobs: ResourceType = {
  type: TYPE,
  apiVersions: ML_API_VERSIONS,
  systemData: true,
  checkName: checkJobName,
  make: makeJob,
  write: started,
  erase: async ({ effects, erase, store }, resource) => {
    if (batchRecord(resource) !== undefined) await effects.cancelBatchJob(resource.id);
    if (sweepOf(resource) !== undefined) {
      await effects.removeSweep(resource.id);
      for (const trial of trialsOf(store, resource.id)) await erase(trial, { purge: true });
    }
    if (commandOf(resource) !== undefined) await effects.removeCommandJob(resource.id);
    const pipeline = pipelineOf(resource);
    if (pipeline !== undefined) {
      await effects.removePipelineJob(pipeline);
      for (const sweep of sweepStepsOf(pipeline))
        for (const trial of trialsOf(store, sweep)) await erase(trial, { purge: true });
    }
  },
  shown: showJob,
  implied: childJob,
  actions: { cancel },
  longRunning: {
    status: "mfeOperationsStatus",
    result: "mfeOperationResults",
    hasState: false,
    actions: { cancel: { created: 202, updated: 202, headers: ["Location"] } },
  },
  listed: (resources, { listviewtype = "ActiveOnly" }) =>
    resources.filter((resource) => {
      // Trials are listed with their sweep's run.
      if (commandOf(resource)?.sweepId !== undefined) return false;
      const { body } = resource;
      const archived = objectAt(body, "properties")["isArchived"] === true;
      return listviewtype === "All" || archived === (listviewtype === "ArchivedOnly");
    }),
};

/** @throws ArmError (400) */
export function checkJobName(name: string): void {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}$/.test(name))
    throw badArgument(`The job name '${name}' is not valid: letters, digits, '_' and '-'.`, "name");
}

/** How far a job that runs is, its engine knows. */
function showJob({ effects }: Arm, resource: StoredResource): JsonObject {
  const batch = batchRecord(resource) === undefined ? undefined : effects.batchJob(resource.id);
  const command = commandOf(resource) === undefined ? undefined : effects.commandJob(resource.id);
  const pipeline = pipelineOf(resource) === undefined ? undefined : effects.pipelineJob(resource.id);
  const sweep = sweepOf(resource) === undefined ? undefined : effects.sweep(resource.id);
  const told = withStatus(resource, batch ?? command ?? pipeline ?? sweep);
  const body = withBest(resource, withOutputs(resource, told, pipeline), sweep);
  // azure-ai-ml knows a step by its having no properties at all.
  if (body["properties"] === undefined) return body;
  return { ...body, properties: omit(objectAt(body, "properties"), ["provisioningState"]) };
}

/** A pipeline's outputs are known when its steps have made them. */
function withOutputs(
  resource: StoredResource,
  body: JsonObject,
  state: PipelineState | undefined,
): JsonObject {
  const spec = pipelineOf(resource);
  if (spec === undefined || state === undefined) return body;
  const properties = objectAt(body, "properties");
  const outputs = Object.entries(outputsOf(spec, state)).map(([name, { uri }]) => [
    name,
    { ...objectAt(objectAt(properties, "outputs"), name), uri },
  ]);
  const made = { ...objectAt(properties, "outputs"), ...(Object.fromEntries(outputs) as JsonObject) };
  return { ...body, properties: { ...properties, outputs: made } };
}

/** A step of a job: ARM knows its name and no more. */
function childJob({ store }: Arm, id: string): StoredResource | undefined {
  const isStep = parentJob(store, workspaceIdOf(id), lastName(id)) ?? stepOfJob(store, id);
  if (isStep === undefined) return undefined;
  return { id, body: { id, name: lastName(id), type: TYPE }, internal: {} };
}

function cancel({ arm, existing }: ActionRequest): Answer {
  const status = objectAt(showJob(arm, existing), "properties")["status"];
  if (hasEnded(String(status))) return { status: 200 };
  return { status: 202, internal: { cancelled: true } };
}

/** What a new job, or a cancellation, sets going. */
async function started(
  arm: Arm,
  resource: StoredResource,
  previous: StoredResource | undefined,
): Promise<void> {
  const command = commandOf(resource);
  if (command !== undefined && previous === undefined) return await arm.effects.startCommandJob(command);
  const pipeline = pipelineOf(resource);
  if (pipeline !== undefined && previous === undefined) return await arm.effects.startPipelineJob(pipeline);
  const sweep = sweepOf(resource);
  if (sweep !== undefined && previous === undefined) return await arm.effects.startSweep(sweep);
  if (resource.internal["cancelled"] === true) await cancelled(arm, resource);
}

async function cancelled({ effects, store }: Arm, resource: StoredResource): Promise<void> {
  if (batchRecord(resource) !== undefined) return await effects.cancelBatchJob(resource.id);
  if (commandOf(resource) !== undefined) return await effects.cancelCommandJob(resource.id);
  if (pipelineOf(resource) !== undefined) return await effects.cancelPipelineJob(resource.id);
  if (sweepOf(resource) !== undefined) return await effects.cancelSweep(resource.id);
  const current = store.get(resource.id);
  if (current === undefined) return;
  const properties = { ...objectAt(current.body, "properties"), status: "Canceled" };
  await store.put({ ...current, body: { ...current.body, properties } });
}

function makeJob(request: PutRequest): Made {
  const { body, sent, existing } = request;
  const runs = existing && (commandOf(existing) ?? pipelineOf(existing) ?? sweepOf(existing));
  if (existing !== undefined && runs !== undefined) return changedWords(request, existing);
  const isNew = existing === undefined && objectAt(sent, "properties")["status"] === undefined;
  const { jobType } = objectAt(body, "properties");
  if (isNew && jobType === "Command") return newCommand(request);
  if (isNew && jobType === "Pipeline") return newPipeline(request);
  if (isNew && jobType === "Sweep") return newSweep(request);
  return recorded(request);
}

/** A pipeline job that is to run. */
function newPipeline({ arm, id, name, body, principal }: PutRequest): Made {
  const properties = objectAt(body, "properties");
  const spec = pipelineJobSpec(arm.store, id, properties, principal);
  return {
    body: { properties: withoutOwnOutput(jobProperties(name, properties)) },
    internal: pipelineInternal(spec),
  };
}

/** A command job that is to run. */
function newCommand({ arm, id, name, body, principal }: PutRequest): Made {
  const properties = objectAt(body, "properties");
  const spec = commandJobSpec(arm.store, id, properties, principal);
  return { body: { properties: commandProperties(name, properties, spec) }, internal: commandInternal(spec) };
}

/** A sweep that is to run. */
function newSweep({ arm, id, name, body, principal }: PutRequest): Made {
  const properties = objectAt(body, "properties");
  const spec = sweepSpec(arm.store, id, properties, principal);
  return {
    body: { properties: withoutOwnOutput(jobProperties(name, properties)) },
    internal: sweepInternal(spec),
  };
}

/** What a job does is fixed; how it is told of is not. */
function changedWords({ body }: PutRequest, existing: StoredResource): Made {
  const before = objectAt(existing.body, "properties");
  const wanted = objectAt(body, "properties");
  const changes = pick(wanted, ["description", "tags", "isArchived"]);
  const properties = { ...objectAt(before, "properties"), ...objectAt(wanted, "properties") };
  return { body: { properties: { ...before, ...changes, properties } } };
}

function recorded({ body, sent, existing, name }: PutRequest): Made {
  const before = objectAt(existing?.body ?? {}, "properties");
  const status = objectAt(sent, "properties")["status"] ?? before["status"] ?? "NotStarted";
  if (!STATUSES.includes(String(status)))
    throw badArgument(`A job's status is one of ${STATUSES.join(", ")}.`, "properties.status");
  const properties = jobProperties(name, objectAt(body, "properties"), before);
  return { body: { properties: { ...properties, status } } };
}
