import { posix } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { datastorePathOf } from "./artifact-uri";
import { placeOf, setOfRun, type Artifacts } from "./artifacts";
import { rewriteArtifactAddresses } from "./artifact-rewrite";
import { MlflowError } from "./errors";
import type { Registry } from "./registry";
import { API_ROOTS } from "./registry-routes";
import type { MlflowServers } from "./server";
import { serverOf } from "./tracking";
import { workspaceOfRequest, type Workspace } from "./workspace";

interface RunQuery {
  readonly run_id?: string;
  readonly run_uuid?: string;
  readonly path?: string;
}

/** MLflow's `artifacts/list`, answered from the blobs. */
export function artifactListRoute(app: FastifyInstance, artifacts: Artifacts, servers: MlflowServers): void {
  for (const root of API_ROOTS) {
    app.get(`${root}/artifacts/list`, async (request) => {
      const { path = "" } = request.query as RunQuery;
      const workspace = workspaceOfRequest(request);
      const runId = runIdOf(request);
      const root_uri = await artifactUriOf(servers, workspace, runId);
      return { root_uri, files: await artifacts.entries(workspace, runId, path) };
    });
  }
}

/** What MLflow's pages load a file by. */
export function artifactDownloadRoutes(app: FastifyInstance, artifacts: Artifacts, registry: Registry): void {
  app.get("/get-artifact", async (request, reply) => {
    const { path = "" } = request.query as RunQuery;
    const file = await artifacts.download(
      workspaceOfRequest(request),
      placeOf(setOfRun(runIdOf(request))),
      path,
    );
    return await attachment(reply, path, file);
  });
  app.get("/model-versions/get-artifact", async (request, reply) => {
    const { name = "", version = "", path = "" } = request.query as Record<string, string | undefined>;
    const workspace = workspaceOfRequest(request);
    const place = datastorePathOf(String(registry.version(workspace, name, version)["source"]));
    if (!place)
      throw new MlflowError(
        "RESOURCE_DOES_NOT_EXIST",
        `The files of ${name} version ${version} are not in this workspace.`,
      );
    return await attachment(reply, path, await artifacts.download(workspace, place, path));
  });
}

// As a download, and never as a page of this origin: artifacts are other people's files.
async function attachment(
  reply: FastifyReply,
  path: string,
  file: NodeJS.ReadableStream,
): Promise<FastifyReply> {
  return await reply
    .header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(posix.basename(path))}`)
    .header("x-content-type-options", "nosniff")
    .type("application/octet-stream")
    .send(file);
}

function runIdOf(request: FastifyRequest): string {
  const { run_id, run_uuid } = request.query as RunQuery;
  const runId = run_id ?? run_uuid;
  if (!runId)
    throw new MlflowError("INVALID_PARAMETER_VALUE", "Missing value for required parameter 'run_id'.");
  return runId;
}

/** @throws MlflowError when there is no such run */
async function artifactUriOf(servers: MlflowServers, workspace: Workspace, runId: string): Promise<string> {
  const server = await serverOf(servers, workspace);
  const answer = await server.request({
    method: "GET",
    path: `/api/2.0/mlflow/runs/get?run_id=${encodeURIComponent(runId)}`,
  });
  const text = rewriteArtifactAddresses(await answer.body.text(), workspace);
  if (answer.statusCode !== 200)
    throw new MlflowError("RESOURCE_DOES_NOT_EXIST", `Run with id=${runId} not found`);
  return (JSON.parse(text) as { run: { info: { artifact_uri: string } } }).run.info.artifact_uri;
}
