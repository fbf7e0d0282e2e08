import { objectAt, stringAt } from "../arm/objects";
import { lastName } from "../arm/path";
import type { Store, StoredResource } from "../arm/store";
import { withStatus, type JobState } from "../jobs/job-status";
import type { JsonObject } from "../json";
import type { PipelineJobs } from "../pipeline-jobs/job";
import type { Invoked } from "./invoked";
import type { BatchJobs } from "./job";
import { batchRecord, type BatchJobRecord } from "./job-resource";

/** Who knows how far the jobs of endpoints are: those of models, and those of pipelines. */
export interface EndpointJobStates {
  readonly jobs: Pick<BatchJobs, "state">;
  readonly pipelines: Pick<PipelineJobs, "state">;
}

/** A job that a batch endpoint was asked for. */
export interface EndpointJob {
  readonly resource: StoredResource;
  readonly invoked: Invoked;
}

/** What ARM keeps of a pipeline job that an endpoint was asked for, beside its body. */
export const invokedInternal = (invoked: Invoked): JsonObject => ({ invoked: { ...invoked } });

/** The jobs that the endpoint was asked for, newest first. */
export function jobsOf(store: Store, endpointId: string): EndpointJob[] {
  const workspaceId = endpointId.slice(0, endpointId.toLowerCase().indexOf("/batchendpoints/"));
  return store
    .list(`${workspaceId}/jobs/`)
    .flatMap((resource) => {
      const invoked = batchRecord(resource) ?? (resource.internal["invoked"] as Invoked | undefined);
      return invoked?.endpointId.toLowerCase() === endpointId.toLowerCase() ? [{ resource, invoked }] : [];
    })
    .sort((one, other) => other.invoked.created.localeCompare(one.invoked.created));
}

/** How far it is. */
export function stateOf(
  { resource }: EndpointJob,
  { jobs, pipelines }: EndpointJobStates,
): JobState | undefined {
  return batchRecord(resource) === undefined ? pipelines.state(resource.id) : jobs.state(resource.id);
}

/** A job as its endpoint tells of it. */
export function endpointJob(job: EndpointJob, states: EndpointJobStates): JsonObject {
  const { resource, invoked } = job;
  const { endpointId, deployment } = invoked;
  const properties = objectAt(withStatus(resource, stateOf(job, states)), "properties");
  const name = lastName(resource.id);
  const record = batchRecord(resource);
  return {
    id: `${endpointId}/jobs/${name}`,
    name,
    type: "Microsoft.MachineLearningServices/workspaces/batchEndpoints/jobs",
    properties: {
      status: properties["status"],
      experimentName: stringAt(properties, "experimentName"),
      deployment,
      ...(record === undefined ? {} : scoringOf(record)),
      tags: properties["tags"],
    },
  };
}

/** What is a model's alone. */
function scoringOf({ spec, outputUri }: BatchJobRecord): JsonObject {
  return {
    compute: { target: spec.clusterId, instanceCount: spec.instances },
    outputData: { score: { jobOutputType: "UriFolder", uri: outputUri } },
    miniBatchSize: spec.miniBatchSize,
    errorThreshold: spec.errorThreshold,
    outputFileName: spec.outputFileName,
  };
}
