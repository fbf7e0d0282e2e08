import type { FastifyInstance, FastifyRequest } from "fastify";
import { ARM_AUDIENCES } from "../cloud";
import type { Principal } from "../identity/principal";
import type { AccessToken } from "../identity/tokens";
import { ServiceError } from "./errors";
import { principalOf } from "./guard";
import type { MlflowServers } from "./server";
import { setOfRun, type Artifacts, type ArtifactSet } from "./artifacts";
import { serverOf } from "./tracking";
import { workspaceOfRequest, type Workspace } from "./workspace";

/** Most paths that one request may ask for; the plug-in sends 50. */
const MOST_PATHS = 500;

export type IssueToken = (audience: string, principal: Principal) => Promise<AccessToken>;

interface PathQuery {
  readonly path?: string;
}

/** Azure ML's run-history service, as far as the MLflow plug-in calls it. */
export function historyRoutes(
  app: FastifyInstance,
  artifacts: Artifacts,
  servers: MlflowServers,
  issueToken: IssueToken,
): void {
  const runOf = (request: FastifyRequest): string => (request.params as { runId: string }).runId;
  for (const experiment of ["/experiments/:experiment", "/experimentids/:experiment"]) {
    // What a job's process renews its token with.
    app.get(`${experiment}/runs/:runId/token`, async (request) => {
      await checkRun(servers, workspaceOfRequest(request), runOf(request));
      const { token, expiresOn } = await issueToken(ARM_AUDIENCES[0], principalOf(request));
      return { token, expiryTimeUtc: new Date(expiresOn * 1000).toISOString() };
    });
    setRoutes(
      app,
      `${experiment}/runs/:runId/artifacts`,
      artifacts,
      (request) => setOfRun(runOf(request)),
      async (request) => await checkRun(servers, workspaceOfRequest(request), runOf(request)),
    );
  }
}

/** Azure ML's artifact service: the same for what belongs to no run. */
export function artifactRoutes(app: FastifyInstance, artifacts: Artifacts): void {
  setRoutes(app, "/artifacts/:origin/:container", artifacts, (request) => request.params as ArtifactSet);
}

function setRoutes(
  app: FastifyInstance,
  root: string,
  artifacts: Artifacts,
  setOf: (request: FastifyRequest) => ArtifactSet,
  checkWrite: (request: FastifyRequest) => Promise<void> = () => Promise.resolve(),
): void {
  app.get(root, async (request) => await listed(request));
  app.get(`${root}/path`, async (request) => await listed(request));
  app.get(`${root}/contentinfo`, async (request) => {
    const { path = "" } = request.query as PathQuery;
    const set = setOf(request);
    return {
      ...set,
      path,
      contentUri: await artifacts.readUrl(workspaceOfRequest(request), set, path),
      tags: null,
    };
  });
  app.get(`${root}/prefix/contentinfo`, async (request) => {
    const workspace = workspaceOfRequest(request);
    const set = setOf(request);
    const { path = "" } = request.query as PathQuery;
    const paths = await artifacts.files(workspace, set, path);
    const value = await Promise.all(
      paths.map(async (one) => ({
        ...set,
        path: one,
        contentUri: await artifacts.readUrl(workspace, set, one),
        tags: null,
      })),
    );
    return { value, continuationToken: null, nextLink: null };
  });
  app.post(`${root}/batch/metadata`, async (request) => {
    await checkWrite(request);
    return await createEmpty(artifacts, workspaceOfRequest(request), setOf(request), pathsOf(request.body));
  });

  const listed = async (request: FastifyRequest): Promise<object> => {
    const set = setOf(request);
    const paths = await artifacts.files(workspaceOfRequest(request), set, (request.query as PathQuery).path);
    return { value: paths.map((path) => artifactDto(set, path)), continuationToken: null, nextLink: null };
  };
}

/** Where each of the files may be written. What is there already is a conflict: artifacts are immutable. */
async function createEmpty(
  artifacts: Artifacts,
  workspace: Workspace,
  set: ArtifactSet,
  paths: readonly string[],
): Promise<object> {
  const results = await Promise.all(
    paths.map(async (path) => {
      if (await artifacts.exists(workspace, set, path)) return { path, contentUri: undefined };
      return { path, contentUri: await artifacts.writeUrl(workspace, set, path) };
    }),
  );
  const made = results.filter((one) => one.contentUri !== undefined);
  const taken = results.filter((one) => one.contentUri === undefined);
  return {
    artifacts: Object.fromEntries(made.map(({ path }) => [path, artifactDto(set, path)])),
    artifactContentInformation: Object.fromEntries(
      made.map(({ path, contentUri }) => [path, { ...set, path, contentUri, tags: null }]),
    ),
    errors: Object.fromEntries(taken.map(({ path }) => [path, { error: conflict(set, path) }])),
  };
}

function pathsOf(body: unknown): string[] {
  const { paths } = (body ?? {}) as { paths?: { path?: unknown }[] };
  const given = Array.isArray(paths) ? paths.map(({ path }) => path) : [];
  if (given.length >= 1 && given.length <= MOST_PATHS && given.every((path) => typeof path === "string"))
    return given as string[];
  throw new ServiceError(400, "BadArgument", `Give 'paths': 1 to ${MOST_PATHS} objects with a 'path' each.`);
}

async function checkRun(servers: MlflowServers, workspace: Workspace, runId: string): Promise<void> {
  const server = await serverOf(servers, workspace);
  const answer = await server.request({
    method: "GET",
    path: `/api/2.0/mlflow/runs/get?run_id=${encodeURIComponent(runId)}`,
  });
  await answer.body.dump();
  if (answer.statusCode === 404)
    throw new ServiceError(404, "NotFound", `Run ${runId} was not found in the workspace ${workspace.name}.`);
}

const artifactDto = (set: ArtifactSet, path: string): object => ({
  ...set,
  artifactId: `${set.origin}/${set.container}/${path}`,
  path,
  tags: null,
});

const conflict = (set: ArtifactSet, path: string): object => ({
  code: "UserError",
  message: `Resource Conflict: ArtifactId ${set.origin}/${set.container}/${path} already exists.`,
});
