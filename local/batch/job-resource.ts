import type { JsonObject } from "../json";
import type { Store, StoredResource } from "../arm/store";
import { invokedJob, type Invoked } from "./invoked";
import type { BatchJobSpec } from "./job";

/** What a batch job is apart from its ARM body. */
export interface BatchJobRecord extends Invoked {
  readonly spec: BatchJobSpec;
  /** Name of the run below the job that does the scoring. */
  readonly child: string;
  /** `azureml://…` of the folder that `score` is in. */
  readonly outputUri: string;
}

/** A batch job as ARM keeps it: a pipeline of one step, as Azure ML makes them. */
export function batchJobResource(
  record: BatchJobRecord,
  experimentName: string,
  clientId: string,
): StoredResource {
  const { id, clusterId: computeId } = record.spec;
  const properties = { experimentName, computeId, inputs: {}, outputs: {}, jobs: {} };
  return invokedJob(id, record, clientId, properties, { batch: { ...record } as unknown as JsonObject });
}

/** What the resource is as a batch job; undefined for another job. */
export const batchRecord = ({ internal }: StoredResource): BatchJobRecord | undefined =>
  internal["batch"] as unknown as BatchJobRecord | undefined;

export interface FoundBatchJob {
  readonly resource: StoredResource;
  readonly record: BatchJobRecord;
}

/** All batch jobs under an id: of a workspace, or of everything. */
export function batchJobs(store: Store, scope: string): FoundBatchJob[] {
  return store.list(scope).flatMap((resource) => {
    const record = batchRecord(resource);
    return record === undefined ? [] : [{ resource, record }];
  });
}

/** The job that has a run of this name below it. */
export function parentJob(store: Store, workspaceId: string, child: string): FoundBatchJob | undefined {
  return batchJobs(store, `${workspaceId}/jobs/`).find(({ record }) => record.child === child);
}
