import type { FastifyInstance } from "fastify";
import { lastName } from "../arm/path";
import { objectAt } from "../arm/objects";
import type { Store } from "../arm/store";
import type { BatchJobs, BatchJobState } from "../batch/job";
import { endpointJob, jobsOf, type EndpointJobStates } from "../batch/endpoint-jobs";
import { batchRecord, parentJob, type FoundBatchJob } from "../batch/job-resource";
import { withStatus } from "../jobs/job-status";
import type { JsonObject } from "../json";
import type { Artifacts } from "./artifacts";
import { setOfRun } from "./artifacts";
import { ServiceError } from "./errors";
import { courseOf, outputAsset, readUrls, runOutput, type RunSource } from "./run-history";
import { workspaceOfRequest, type Workspace } from "./workspace";

/** What azure-ai-ml streams of a pipeline job. */
const EXECUTION_LOG = "logs/azureml/executionlogs.txt";
const LOG_LINES = 10_000;
const STEP = "batchscoring";
const OUTPUT = "score";

/** What the run history of batch jobs is told from. */
export interface BatchRuns {
  readonly store: Store;
  readonly artifacts: Artifacts;
  readonly jobs: Pick<BatchJobs, "state" | "log">;
}

interface FoundRun extends FoundBatchJob {
  readonly isChild: boolean;
}

/** The runs of batch jobs, and of the one step below each. */
export function batchRunSource(runs: BatchRuns): RunSource {
  const { store, jobs } = runs;
  const told = (run: FoundRun): JsonObject => runDto(run, jobs.state(run.record.spec.id));
  return {
    find: (workspace, runId) => {
      const run = findRun(store, workspace, runId);
      if (run === undefined) return undefined;
      return {
        told: told(run),
        children: run.isChild ? [] : [told({ ...run, isChild: true })],
        logFiles: async () => await logFiles(runs, workspace, run),
      };
    },
    resolve: (workspace, assetId) => {
      const { run = "", output } = runOutput(assetId) ?? {};
      const parent = output === OUTPUT ? parentJob(store, workspace.id, run) : undefined;
      return parent && { uri: parent.record.outputUri, type: "uri_folder" };
    },
  };
}

/** The jobs of a batch endpoint, where azure-ai-ml lists them. */
export function endpointJobsRoute(app: FastifyInstance, store: Store, states: EndpointJobStates): void {
  app.get("/batchEndpoints/:endpoint/jobs", (request) => {
    const { endpoint } = request.params as { endpoint: string };
    const id = `${workspaceOfRequest(request).id}/batchEndpoints/${endpoint}`;
    if (store.get(id) === undefined)
      throw new ServiceError(404, "NotFound", `There is no batch endpoint ${endpoint}.`);
    return { value: jobsOf(store, id).map((job) => endpointJob(job, states)) };
  });
}

function findRun(store: Store, workspace: Workspace, runId: string): FoundRun | undefined {
  const resource = store.get(`${workspace.id}/jobs/${runId}`);
  const record = resource && batchRecord(resource);
  if (resource !== undefined && record !== undefined) return { resource, record, isChild: false };
  const parent = parentJob(store, workspace.id, runId);
  return parent && { ...parent, isChild: true };
}

function runDto({ resource, record, isChild }: FoundRun, state: BatchJobState | undefined): JsonObject {
  const job = lastName(resource.id);
  const properties = objectAt(withStatus(resource, state), "properties");
  return {
    runId: isChild ? record.child : job,
    ...(isChild ? { parentRunId: job, rootRunId: job } : { rootRunId: job }),
    experimentId: properties["experimentName"],
    displayName: isChild ? STEP : job,
    name: isChild ? STEP : job,
    status: properties["status"],
    createdUtc: record.created,
    createdTimeUtc: record.created,
    ...courseOf(state),
    target: lastName(record.spec.clusterId),
    tags: isChild ? {} : properties["tags"],
    properties: countsOf(state),
    outputs: isChild ? { [OUTPUT]: { assetId: outputAsset(record.child, OUTPUT), type: "uri_folder" } } : {},
  };
}

function countsOf(state: BatchJobState | undefined): JsonObject {
  if (state === undefined) return {};
  const { files, rows } = state;
  return {
    "azureml.batch.files": String(files.total),
    "azureml.batch.succeededFiles": String(files.succeeded),
    "azureml.batch.failedFiles": String(files.failed),
    "azureml.batch.rows": String(rows),
  };
}

/** Where the logs can be read, by their names; the job's own is written anew each time. */
async function logFiles(
  { artifacts, jobs }: BatchRuns,
  workspace: Workspace,
  { resource, record, isChild }: FoundRun,
): Promise<Record<string, string>> {
  const run = isChild ? record.child : lastName(resource.id);
  if (!isChild)
    await artifacts.write(workspace, setOfRun(run), EXECUTION_LOG, jobs.log(record.spec.id, LOG_LINES));
  return await readUrls(artifacts, workspace, run, ["logs"]);
}
