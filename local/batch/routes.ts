import type { FastifyInstance, FastifyRequest } from "fastify";
import { ArmError, errorBody } from "../arm/errors";
import { lastName } from "../arm/path";
import type { Store, StoredResource } from "../arm/store";
import { SCORING_AUDIENCES } from "../cloud";
import { TokenRefused, type AccessControl, type Principal, type TokenVerifier } from "../identity/principal";
import { rolesAllowing } from "../identity/role-definitions";
import type { Json } from "../json";
import { endpointJob, jobsOf, type EndpointJob } from "./endpoint-jobs";
import { submit, type Submitting } from "./submit";

const TYPE = "microsoft.machinelearningservices/workspaces/batchendpoints";

export interface BatchRoutesOptions extends Submitting {
  readonly verifier: TokenVerifier;
  readonly access: AccessControl;
}

interface JobParams {
  readonly name: string;
}

/** `https://<endpoint>.<region>.inference.ml.azure.com/jobs` of batch endpoints, beside the `/score` of online ones. */
export function batchRoutes(options: BatchRoutesOptions): (app: FastifyInstance) => void {
  const { store, verifier, access } = options;
  const told = (job: EndpointJob): unknown => endpointJob(job, options);

  const open = async (
    request: FastifyRequest,
  ): Promise<{ readonly endpoint: StoredResource; readonly principal: Principal }> => {
    const principal = await verifier.verify(request.headers.authorization, SCORING_AUDIENCES);
    const endpoint = batchEndpointAt(store, request.host);
    if (endpoint === undefined)
      throw new ArmError(404, "ResourceNotFound", `There is no batch endpoint at ${request.host}.`);
    const verb = request.method === "POST" ? "write" : "read";
    const action = `Microsoft.MachineLearningServices/workspaces/batchEndpoints/jobs/${verb}`;
    if (!access.hasRole(principal, rolesAllowing(store, action), endpoint.id))
      throw new ArmError(
        403,
        "AuthorizationFailed",
        `The principal ${principal.objectId} lacks ${action} on ${endpoint.id}.`,
      );
    return { endpoint, principal };
  };

  return (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      "application/json",
      { parseAs: "string" },
      app.getDefaultJsonParser("error", "error"),
    );
    app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
      const refused = refusalOf(error);
      if (refused.status >= 500) console.error(error);
      void reply.code(refused.status).send(errorBody(refused));
    });
    app.post("/jobs", async (request, reply) => {
      const { endpoint, principal } = await open(request);
      const named = request.headers["azureml-model-deployment"];
      const job = await submit(options, endpoint, request.body as Json | undefined, {
        principal,
        deployment: typeof named === "string" && named !== "" ? named : undefined,
      });
      return await reply.code(201).send(told(job));
    });
    app.get("/jobs", async (request) => {
      const { endpoint } = await open(request);
      return { value: jobsOf(store, endpoint.id).map(told) };
    });
    app.get<{ Params: JobParams }>("/jobs/:name", async (request) => {
      const { endpoint } = await open(request);
      const { name } = request.params;
      const found = jobsOf(store, endpoint.id).find(({ resource }) => lastName(resource.id) === name);
      if (found !== undefined) return told(found);
      throw new ArmError(404, "ResourceNotFound", `The endpoint has no job '${name}'.`);
    });
  };
}

function batchEndpointAt(store: Store, host: string): StoredResource | undefined {
  const address = `https://${host.toLowerCase().replace(/:\d+$/, "")}/`;
  return store.list("/subscriptions/").find(({ body }) => {
    if (String(body["type"]).toLowerCase() !== TYPE) return false;
    const { scoringUri } = body["properties"] as { scoringUri?: string };
    return scoringUri?.toLowerCase().startsWith(address) === true;
  });
}

function refusalOf(error: Error & { statusCode?: number }): ArmError {
  if (error instanceof ArmError) return error;
  if (error instanceof TokenRefused) return new ArmError(401, "Unauthorized", error.message);
  const status = error.statusCode ?? 500;
  return status < 500
    ? new ArmError(status, "BadArgument", error.message)
    : new ArmError(
        500,
        "InternalServerError",
        "The batch endpoint of the local Azure failed; its log says why.",
      );
}
