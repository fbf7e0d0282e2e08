import { randomUUID } from "node:crypto";
import { ArmError, badArgument } from "../arm/errors";
import type { Exclusive } from "../arm/exclusive";
import { parentId } from "../arm/ids";
import { objectAt, stringAt } from "../arm/objects";
import { lastName } from "../arm/path";
import type { Store, StoredResource } from "../arm/store";
import { isPipelineDeployment } from "../arm/types/machinelearning/batch-deployments";
import { checkJobName } from "../arm/types/machinelearning/jobs";
import type { Principal } from "../identity/principal";
import { hasEnded } from "../jobs/job-status";
import type { Json } from "../json";
import { findWorkspace } from "../mlflow/workspace";
import type { PipelineJobs } from "../pipeline-jobs/job";
import { pipelineInternal } from "../pipeline-jobs/job-resource";
import { pipelineJobSpec } from "../pipeline-jobs/pipeline-spec";
import { invokedInternal, type EndpointJob } from "./endpoint-jobs";
import {
  readInvocation,
  readPipelineInvocation,
  type Invocation,
  type PipelineInvocation,
} from "./invocation";
import { invokedJob, type Invoked } from "./invoked";
import type { BatchJobs } from "./job";
import { batchJobResource, batchJobs } from "./job-resource";
import { newJob } from "./job-spec";
import { pipelineJobProperties } from "./pipeline-invocation";

export interface Submitting {
  readonly store: Store;
  readonly jobs: Pick<BatchJobs, "start" | "state">;
  readonly pipelines: Pick<PipelineJobs, "start" | "state">;
  /** In what ARM's own writes take their turn. */
  readonly exclusive: Exclusive;
  readonly now: () => Date;
}

/** Who asks, and at which deployment, where the caller names one. */
export interface Caller {
  readonly principal: Principal;
  readonly deployment: string | undefined;
}

/** Makes the job that a request to a batch endpoint asks for, and starts it. @throws ArmError for what cannot run */
export async function submit(
  submitting: Submitting,
  endpoint: StoredResource,
  body: Json | undefined,
  caller: Caller,
): Promise<EndpointJob> {
  const { store, exclusive, now } = submitting;
  const deployment = deploymentOf(store, endpoint, caller.deployment);
  const isPipeline = isPipelineDeployment(objectAt(deployment.body, "properties"));
  const { name, experimentName } = isPipeline ? readPipelineInvocation(body) : readInvocation(body);
  const job = name ?? `batchjob-${randomUUID()}`;
  checkJobName(job);
  const asked: Asked = {
    id: `${parentId(endpoint.id)}/jobs/${job}`,
    deployment,
    experimentName: experimentName ?? lastName(endpoint.id),
    principal: caller.principal,
    invoked: {
      endpointId: endpoint.id,
      deployment: lastName(deployment.id),
      created: now().toISOString(),
    },
  };
  const { resource, start } = isPipeline
    ? pipelineJob(submitting, asked, readPipelineInvocation(body))
    : modelJob(submitting, asked, readInvocation(body));
  await exclusive(async () => {
    if (store.get(asked.id) !== undefined)
      throw new ArmError(409, "Conflict", `There is already a job '${job}' in the workspace.`, {
        target: "properties.name",
      });
    await store.put(resource);
  });
  await start();
  return { resource, invoked: asked.invoked };
}

/** What a job is asked for, apart from what its deployment's kind has. */
interface Asked {
  /** ARM id of the job. */
  readonly id: string;
  readonly deployment: StoredResource;
  readonly experimentName: string;
  readonly principal: Principal;
  readonly invoked: Invoked;
}

interface NewEndpointJob {
  readonly resource: StoredResource;
  readonly start: () => Promise<void>;
}

function modelJob(
  { store, jobs }: Submitting,
  { id, deployment, experimentName, principal, invoked }: Asked,
  invocation: Invocation,
): NewEndpointJob {
  const workspaceId = parentId(invoked.endpointId);
  const workspace = findWorkspace(store, workspaceId);
  if (workspace === undefined)
    throw new ArmError(404, "ResourceNotFound", `The workspace ${workspaceId} was not found.`);
  const child = randomUUID();
  const made = newJob(store, workspace, deployment, invocation, { id, child });
  const resource = batchJobResource({ ...made, ...invoked, child }, experimentName, principal.clientId);
  return {
    resource,
    start: async () => {
      jobs.start(made.spec);
      await Promise.resolve();
    },
  };
}

function pipelineJob(
  { store, pipelines }: Submitting,
  { id, deployment, experimentName, principal, invoked }: Asked,
  invocation: PipelineInvocation,
): NewEndpointJob {
  const properties = pipelineJobProperties(store, deployment, invocation, experimentName);
  const spec = pipelineJobSpec(store, id, properties, principal);
  const internal = { ...pipelineInternal(spec), ...invokedInternal(invoked) };
  // By this azure-ai-ml knows that the job has outputs of its own names, and not a model's `score`.
  const tags = { "azureml.jobtype": "azureml.pipelinejob" };
  const resource = invokedJob(id, invoked, principal.clientId, { ...properties, tags }, internal);
  return { resource, start: async () => await pipelines.start(spec) };
}

function deploymentOf(store: Store, endpoint: StoredResource, named: string | undefined): StoredResource {
  const defaults = objectAt(objectAt(endpoint.body, "properties"), "defaults");
  const name = named ?? stringAt(defaults, "deploymentName");
  const endpointName = lastName(endpoint.id);
  if (name === undefined)
    throw badArgument(
      `The endpoint '${endpointName}' has no default deployment: give it one, or name a deployment in the header azureml-model-deployment.`,
    );
  const deployment = store.get(`${endpoint.id}/deployments/${name}`);
  const state = objectAt(deployment?.body ?? {}, "properties")["provisioningState"];
  if (deployment === undefined)
    throw new ArmError(
      404,
      "ResourceNotFound",
      `The endpoint '${endpointName}' has no deployment '${name}'.`,
    );
  if (state === "Succeeded") return deployment;
  throw new ArmError(
    400,
    "ResourceNotReady",
    `The deployment '${name}' is ${String(state)}; jobs need one that is Succeeded.`,
  );
}

/** Goes on with the jobs that were under way when the local Azure ended. */
export function resumeBatchJobs({ store, jobs }: Pick<Submitting, "store" | "jobs">): void {
  for (const { record } of batchJobs(store, "/subscriptions/")) {
    const { spec } = record;
    if (!hasEnded(jobs.state(spec.id)?.status ?? "")) jobs.start(spec);
  }
}
