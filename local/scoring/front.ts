import { randomUUID } from "node:crypto";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Store, StoredResource } from "../arm/store";
import type { AccessControl, TokenVerifier } from "../identity/principal";
import { rolesAllowing } from "../identity/role-definitions";
import { refusal, SCORE_ACTION, type MayScore } from "./authorize";
import { deploymentId, Endpoints, mirrorTrafficOf, trafficOf } from "./endpoints";
import { forward, type ScoringRequest } from "./forward";
import type { Scoring } from "./instances";
import type { ScoringMetrics } from "./metrics";
import { mirrorTargets, pickDeployment } from "./traffic";

/** Bytes of a request's body. */
const BODY_LIMIT = 10 * 1024 * 1024;

export interface ScoringFrontOptions {
  readonly store: Store;
  readonly scoring: Scoring;
  readonly verifier: TokenVerifier;
  /** Who may score with an Entra token. */
  readonly access: AccessControl;
  readonly metrics: ScoringMetrics;
  /** Uniform in [0, 1): decides the deployment of each request. */
  readonly random?: () => number;
}

/** The addresses `https://<endpoint>.<region>.inference.ml.azure.com/score` and `/swagger.json`. Not listening yet. */
export function createScoringFront(options: ScoringFrontOptions): FastifyInstance {
  const { store, scoring, verifier, access, metrics, random = Math.random } = options;
  const endpoints = new Endpoints(store);
  const mayScore: MayScore = (principal, endpointId) =>
    access.hasRole(principal, rolesAllowing(store, SCORE_ACTION), endpointId);
  const app = fastify({ bodyLimit: BODY_LIMIT, exposeHeadRoutes: false });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.decorateRequest("endpoint", null);

  const authorize = async (
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply | undefined> => {
    void reply.header("x-ms-request-id", randomUUID());
    const endpoint = endpoints.byHost(request.host);
    if (!endpoint) return say(reply, 404, `There is no online endpoint at ${request.host}.`);
    const reason = await refusal(endpoint, request.headers.authorization, verifier, mayScore);
    if (reason !== undefined) return say(reply, 401, reason);
    request.setDecorator("endpoint", endpoint);
    return undefined;
  };

  const score = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const endpoint = request.getDecorator<StoredResource>("endpoint");
    const started = performance.now();
    const named = headerOf(request, "azureml-model-deployment");
    const name = named ?? pickDeployment(trafficOf(endpoint), random());
    if (name === undefined)
      return say(reply, 404, "The endpoint has no deployment with a positive traffic weight.");
    const deployment = scoring.targets(deploymentId(endpoint, name));
    if (!deployment && named !== undefined)
      return say(reply, 404, `The endpoint has no deployment ${named}.`);

    const counts = deployment?.resuming !== true;
    const scoringRequest = requestOf(request, String(reply.getHeader("x-ms-request-id")));
    const answer = await forward(deployment, scoringRequest);
    const { statusCode, modelStatusCode } = answer;
    if (counts)
      metrics.record({
        endpointId: endpoint.id,
        deployment: name,
        statusCode,
        latency: performance.now() - started,
        ...(modelStatusCode === undefined ? {} : { modelStatusCode }),
        mirrored: false,
      });
    void reply
      .code(statusCode)
      .headers(answer.headers)
      .header("azureml-model-deployment", name)
      .send(answer.body);
    if (named === undefined) mirror(endpoint, scoringRequest);
    return reply;
  };

  const mirror = (endpoint: StoredResource, request: ScoringRequest): void => {
    for (const name of mirrorTargets(mirrorTrafficOf(endpoint), random())) {
      const deployment = scoring.targets(deploymentId(endpoint, name));
      if (deployment?.resuming === true) continue;
      const started = performance.now();
      void forward(deployment, request).then(({ statusCode }) =>
        metrics.record({
          endpointId: endpoint.id,
          deployment: name,
          statusCode,
          latency: performance.now() - started,
          mirrored: true,
        }),
      );
    }
  };

  app.route({ method: ["GET", "POST", "OPTIONS"], url: "/score", onRequest: authorize, handler: score });
  app.route({ method: "GET", url: "/swagger.json", onRequest: authorize, handler: score });
  app.setErrorHandler((error: { statusCode?: number; message: string }, _request, reply) => {
    const statusCode = error.statusCode ?? 500;
    void say(
      reply,
      statusCode,
      statusCode < 500 ? error.message : "The scoring front of the local Azure failed.",
    );
    if (statusCode >= 500) console.error(error);
  });
  return app;
}

function requestOf(request: FastifyRequest, requestId: string): ScoringRequest {
  const clientRequestId = headerOf(request, "x-ms-client-request-id");
  return {
    method: request.method,
    path: request.url,
    headers: {
      "x-request-id": requestId,
      ...(clientRequestId === undefined ? {} : { "x-ms-client-request-id": clientRequestId }),
      ...(request.headers["content-type"] === undefined
        ? {}
        : { "content-type": request.headers["content-type"] }),
    },
    body: request.body as Buffer | undefined,
  };
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function say(reply: FastifyReply, statusCode: number, text: string): FastifyReply {
  return reply.code(statusCode).type("text/plain").send(text);
}
