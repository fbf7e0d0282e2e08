import type { FastifyInstance } from "fastify";
import type { Store } from "../arm/store";
import { isRead } from "./actions";
import { artifactDownloadRoutes, artifactListRoute } from "./artifact-api";
import { answerError, ServiceError } from "./errors";
import type { MlflowParts } from "./front";
import { registryRoutes } from "./registry-routes";
import type { MlflowServers } from "./server";
import { forward, serverOf } from "./tracking";
import { workspaceOfRequest, workspacesNamed } from "./workspace";

/** What MLflow's pages load besides the API: the page, its scripts, and searches of experiments, runs and metrics (and a gateway, of which there is none). */
const SERVER_PATH =
  /^(?:\/|\/static-files\/.*|\/version|\/(?:ajax-)?api\/2\.0\/(?:preview\/)?mlflow\/(?:gateway-proxy|(?:experiments|runs|metrics)\/[a-z-]+))(?:\?.*)?$/;

export interface MlflowUiOptions {
  readonly store: Store;
  readonly servers: MlflowServers;
  readonly parts: MlflowParts;
}

/**
 * MLflow's own pages of every workspace, below `/mlflow/<workspace name>/`, to look at: whatever writes is refused, since there is
 * no token here. Register it on the plain HTTP listener, which keeps other origins out.
 */
export async function mlflowUi(
  app: FastifyInstance,
  { store, servers, parts }: MlflowUiOptions,
): Promise<void> {
  app.setErrorHandler(answerError);
  app.get(
    "/mlflow/:workspaceName",
    async (request, reply) => await reply.redirect(`${new URL(request.url, "http://local").pathname}/`),
  );
  await app.register(
    async (pages) => {
      pages.decorateRequest("workspace", null);
      pages.decorateRequest("principal", null);
      pages.addHook("onRequest", async (request) => {
        const { workspaceName = "" } = request.params as { workspaceName?: string };
        const [workspace, another] = workspacesNamed(store, workspaceName);
        if (!workspace)
          throw new ServiceError(404, "NotFound", `There is no workspace named ${workspaceName}.`);
        if (another)
          throw new ServiceError(
            409,
            "BadArgument",
            `There are workspaces named ${workspaceName} in several resource groups; rename all but one.`,
          );
        if (!isRead(request.method, request.url)) {
          throw new ServiceError(
            403,
            "Forbidden",
            "These pages are to look at. Use an MLflow client with the workspace's tracking URI to change anything.",
          );
        }
        request.setDecorator("workspace", workspace);
      });
      registryRoutes(pages, parts.registry, { userInterface: true });
      artifactListRoute(pages, parts.artifacts, servers);
      artifactDownloadRoutes(pages, parts.artifacts, parts.registry);
      pages.register(async (raw) => {
        raw.removeAllContentTypeParsers();
        raw.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
        raw.all("/*", async (request, reply) => {
          const path = (request.raw.url ?? "").replace(/^\/mlflow\/[^/?]+/i, "");
          if (!SERVER_PATH.test(path)) return await reply.code(404).send();
          const workspace = workspaceOfRequest(request);
          return await forward(request, reply, workspace, await serverOf(servers, workspace), path);
        });
      });
    },
    { prefix: "/mlflow/:workspaceName" },
  );
}
