import type { FastifyInstance, FastifyRequest } from "fastify";
import { objectAt } from "../arm/objects";
import { lastName } from "../arm/path";
import type { StoredResource } from "../arm/store";
import { withStatus, type JobState } from "../jobs/job-status";
import type { JsonObject } from "../json";
import { setOfRun, type Artifacts } from "./artifacts";
import { ServiceError } from "./errors";
import { workspaceOfRequest, type Workspace } from "./workspace";

/** A run of a job, as the run-history service tells of it. */
export interface HistoryRun {
  readonly told: JsonObject;
  readonly children: readonly JsonObject[];
  /** Where its logs can be read, by their names. */
  logFiles(): Promise<Readonly<Record<string, string>>>;
}

/** Jobs of one kind. */
export interface RunSource {
  /** @returns undefined for a run that is none of its own */
  find(workspace: Workspace, runId: string): HistoryRun | undefined;
  /** Where the data are that a run's `outputs` name by this id; undefined for what is none of its own. */
  resolve(workspace: Workspace, assetId: string): JsonObject | undefined;
}

/** Azure ML's run-history service, as far as azure-ai-ml asks it for jobs. */
export function runHistoryRoutes(app: FastifyInstance, sources: readonly RunSource[]): void {
  const runOf = (
    request: FastifyRequest,
    runId = (request.params as { runId: string }).runId,
  ): HistoryRun => {
    const workspace = workspaceOfRequest(request);
    for (const source of sources) {
      const run = source.find(workspace, runId);
      if (run !== undefined) return run;
    }
    throw new ServiceError(404, "NotFound", `Run ${runId} was not found in the workspace ${workspace.name}.`);
  };
  for (const experiment of ["", "/experiments/:experiment", "/experimentids/:experiment"]) {
    app.get(`${experiment}/runs/:runId`, (request) => runOf(request).told);
    app.get(`${experiment}/runs/:runId/children`, (request) => ({ value: runOf(request).children }));
    app.get(`${experiment}/runs/:runId/details`, async (request) => {
      const run = runOf(request);
      return { ...run.told, warnings: [], logFiles: await run.logFiles() };
    });
  }
  app.post("/rundata", (request) => {
    const { runId } = (request.body ?? {}) as { runId?: unknown };
    if (typeof runId !== "string") throw new ServiceError(400, "BadArgument", "Give 'runId', a run's name.");
    return { runMetadata: runOf(request, runId).told };
  });
}

/** Azure ML's data service, as far as azure-ai-ml asks it where a run's outputs are. */
export function outputUriRoutes(app: FastifyInstance, sources: readonly RunSource[]): void {
  app.post("/dataversion/batchGetResolvedUris", (request) => {
    const { values } = (request.body ?? {}) as { values?: unknown };
    if (!Array.isArray(values))
      throw new ServiceError(400, "BadArgument", "Give 'values', the ids of data assets.");
    const workspace = workspaceOfRequest(request);
    const resolved = values.map((id) => [String(id), resolvedUri(sources, workspace, String(id))] as const);
    return { values: Object.fromEntries(resolved) };
  });
}

function resolvedUri(sources: readonly RunSource[], workspace: Workspace, id: string): JsonObject {
  for (const source of sources) {
    const found = source.resolve(workspace, id);
    if (found !== undefined) return found;
  }
  throw new ServiceError(404, "NotFound", `There is no data asset ${id}.`);
}

/** When a run began and ended, and why it failed, as run history tells them. */
export function courseOf(state: JobState | undefined): JsonObject {
  const { startTime, endTime, error } = state ?? {};
  return {
    ...(startTime === undefined ? {} : { startTimeUtc: startTime }),
    ...(endTime === undefined ? {} : { endTimeUtc: endTime }),
    ...(error === undefined ? {} : { error: { error: { ...error } } }),
  };
}

/** What run history tells of any job's own run. */
export function jobRunDto(resource: StoredResource, state: JobState | undefined): JsonObject {
  const properties = objectAt(withStatus(resource, state), "properties");
  const name = lastName(resource.id);
  const created = objectAt(resource.body, "systemData")["createdAt"];
  return {
    runId: name,
    rootRunId: name,
    experimentId: properties["experimentName"],
    displayName: properties["displayName"],
    name: properties["displayName"],
    status: properties["status"],
    createdUtc: created,
    createdTimeUtc: created,
    ...courseOf(state),
    tags: properties["tags"],
    properties: properties["properties"],
  };
}

/** Where the files of a run's folders can be read, by their paths in its artifacts. */
export async function readUrls(
  artifacts: Artifacts,
  workspace: Workspace,
  run: string,
  folders: readonly string[],
): Promise<Record<string, string>> {
  const set = setOfRun(run);
  const paths = await Promise.all(folders.map((folder) => artifacts.files(workspace, set, folder)));
  const urls = paths
    .flat()
    .map(async (path) => [path, await artifacts.readUrl(workspace, set, path)] as const);
  return Object.fromEntries(await Promise.all(urls));
}

/** The id of a run's output among data assets. */
export const outputAsset = (run: string, output: string): string =>
  `azureml://data/azureml_${run}_output_data_${output}/versions/1`;

/** Run and output of {@link outputAsset}. */
export function runOutput(assetId: string): { readonly run: string; readonly output: string } | undefined {
  const [, run, output] =
    /^azureml:\/\/data\/azureml_(.+)_output_data_(.+)\/versions\/1$/.exec(assetId) ?? [];
  return run === undefined || output === undefined ? undefined : { run, output };
}
