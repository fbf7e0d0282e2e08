import { pipeline, type Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Dispatcher } from "undici";
import { artifactAddressStream } from "./artifact-rewrite";
import { ServiceError } from "./errors";
import type { MlflowServers } from "./server";
import { workspaceOfRequest, type Workspace } from "./workspace";

/** What MLflow's server answers for Azure ML; traces and logged models are not served, as Azure ML serves neither. */
const TRACKING_PATH =
  /^\/(?:ajax-)?api\/2\.0\/(?:preview\/)?mlflow\/(?:experiments|runs|metrics)\/[a-z-]+(?:\?.*)?$/;
const BEFORE_PATH =
  /^\/mlflow\/[^/?]+\/subscriptions\/[^/?]+\/resourcegroups\/[^/?]+\/providers\/[^/?]+\/workspaces\/[^/?]+/i;
const PASSED_ON = ["content-type", "accept", "content-length", "if-none-match"] as const;

/** Experiments, runs and metrics: passed on to the workspace's MLflow server, whose artifact addresses become Azure ML's. */
export function trackingRoutes(app: FastifyInstance, servers: MlflowServers): void {
  app.register(async (json) => {
    // Azure ML's own additions: metrics are there at once here, so that a batch is complete when it is answered.
    json.post("/api/2.0/preview/mlflow/runs/log-batch-async", async (request, reply) => {
      const body = JSON.stringify(request.body);
      const server = await serverOf(servers, workspaceOfRequest(request));
      const answer = await server.request({
        method: "POST",
        path: "/api/2.0/mlflow/runs/log-batch",
        headers: { "content-type": "application/json" },
        body,
      });
      if (answer.statusCode === 200) {
        await answer.body.dump();
        return {
          batch_tracking_id: (request.body as { metrics?: unknown[] }).metrics?.length ? request.id : "",
        };
      }
      return reply.code(answer.statusCode).type("application/json").send(answer.body);
    });
    json.get("/api/2.0/preview/mlflow/runs/get-run-data-status", () => ({ is_complete: true }));
  });
  app.register(async (raw) => {
    raw.removeAllContentTypeParsers();
    raw.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    raw.all("/*", async (request, reply) => {
      const path = (request.raw.url ?? "").replace(BEFORE_PATH, "");
      if (!TRACKING_PATH.test(path)) return await reply.code(404).send();
      const workspace = workspaceOfRequest(request);
      return await forward(request, reply, workspace, await serverOf(servers, workspace), path);
    });
  });
}

/** @throws ServiceError when the workspace has no server */
export async function serverOf(servers: MlflowServers, workspace: Workspace): Promise<Dispatcher> {
  const server = await servers.connect(workspace.id);
  if (!server)
    throw new ServiceError(503, "ServiceError", `The workspace ${workspace.name} has no MLflow server yet.`);
  return server;
}

/** Streams the request to the server and its answer back. */
export async function forward(
  request: FastifyRequest,
  reply: FastifyReply,
  workspace: Workspace,
  server: Dispatcher,
  path: string,
): Promise<FastifyReply> {
  const headers = Object.fromEntries(
    PASSED_ON.flatMap((name) => (request.headers[name] ? [[name, request.headers[name]]] : [])),
  );
  const answer = await server.request({
    method: request.method as Dispatcher.HttpMethod,
    path,
    headers,
    body: (request.body as Readable | undefined) ?? null,
  });
  const { "content-type": type, "cache-control": caching, etag } = answer.headers;
  reply.code(answer.statusCode);
  for (const [name, value] of Object.entries({ "content-type": type, "cache-control": caching, etag })) {
    if (value !== undefined) reply.header(name, value);
  }
  if (!String(type).startsWith("application/json")) return await reply.send(answer.body);
  // The callback keeps a broken connection from ending the process: pipeline has destroyed both ends by then.
  const rewritten = pipeline(answer.body, artifactAddressStream(workspace), () => undefined);
  return await reply.send(rewritten);
}
