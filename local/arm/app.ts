import { randomUUID } from "node:crypto";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { ARM_AUDIENCES, TENANT_ID } from "../cloud";
import { type AccessControl, TokenRefused, type TokenVerifier } from "../identity/principal";
import type { ArmFaults } from "../faults/arm";
import type { Json, JsonObject } from "../json";
import type { Call, Kernel, Reply, TypedCall } from "./call";
import type { AccountKeys } from "../blobs/account-keys";
import type { Effects } from "./effects";
import { erase } from "./erase";
import { ArmError, errorBody } from "./errors";
import { createExclusive, type Exclusive } from "./exclusive";
import { lookUp } from "./lookup";
import { metadataEndpoints } from "./metadata";
import { metricsReply, type Metrics } from "./metrics";
import type { ModelTable } from "./model-table";
import { isObject, omit } from "./objects";
import { operationReply } from "./operation-reply";
import { createOperations } from "./operations";
import { nameAvailabilityReply } from "./name-availability";
import { parseArmPath } from "./path";
import { permissionsReply } from "./permissions";
import { quotaReply } from "./quota";
import { get, head } from "./reads";
import { registrationReply } from "./registrations";
import { type Arm, resourceTypes } from "./resource-type";
import type { Store } from "./store";
import { checkSubscription, subscriptionReply, trackedResources } from "./subscriptions";
import { createTruth } from "./truth";
import { allTypes } from "./types/all";
import { act, methodNotAllowed, patch, put, remove } from "./writes";
import { page } from "./reads";

export interface ArmOptions {
  readonly store: Store;
  readonly effects: Effects;
  readonly verifier: TokenVerifier;
  readonly access: AccessControl;
  readonly keys: AccountKeys;
  readonly models: readonly ModelTable[];
  /** What Azure Monitor measured; without it the metrics API is not there. */
  readonly metrics?: Metrics;
  /** The region of what does not name one; `westeurope`. */
  readonly region?: string;
  readonly now?: () => Date;
  /** What goes wrong because somebody wants it to. */
  readonly faults?: ArmFaults;
  /** Cores that a region has of each family of machines. */
  readonly quota?: () => number | undefined;
  /** Seconds by which the answers' dates are off; as if the client's clock were. */
  readonly dateOff?: () => number | undefined;
  /** Where writers of the store take turns; one of its own by default. */
  readonly exclusive?: Exclusive;
  /** Where faults of our own are told. */
  readonly log?: (message: string) => void;
}

export interface ArmApp {
  /** management.azure.com; not listening. */
  readonly app: FastifyInstance;
  /** Goes on with the operations that were under way when the process ended. */
  resume(): Promise<void>;
  /** PATCHes the number of an online deployment's instances, as Azure Monitor's autoscale does. @throws ArmError */
  scale(deploymentId: string, instances: number): Promise<void>;
  /** What our own answers broke of Microsoft's models, since the start. */
  violations(): readonly string[];
}

/** The local Azure Resource Manager. */
export function createArm(options: ArmOptions): ArmApp {
  const log = options.log ?? ((message) => process.stderr.write(`arm: ${message}\n`));
  const types = resourceTypes(allTypes);
  const exclusive = options.exclusive ?? createExclusive();
  const arm: Arm = {
    store: options.store,
    effects: options.effects,
    access: options.access,
    keys: options.keys,
    region: options.region ?? "westeurope",
    now: options.now ?? (() => new Date()),
    erase: (resource, how) => erase(arm, types, resource, how),
  };
  const operations = createOperations(arm, types, exclusive, log, options.faults);
  const kernel: Kernel = { ...arm, types, operations, exclusive, truth: createTruth(options.models, log) };

  const app = fastify({ logger: false, bodyLimit: 4 * 1024 * 1024, routerOptions: { maxParamLength: 2000 } });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => {
    done(null, body);
  });
  app.addHook("onRequest", async (request, reply) => {
    addRequestIds(request, reply);
    const off = options.dateOff?.();
    if (off !== undefined) void reply.header("date", new Date(Date.now() + off * 1000).toUTCString());
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
    sendError(reply, error, log),
  );
  app.setNotFoundHandler((_request, reply) =>
    sendError(reply, new ArmError(404, "NotFound", "There is nothing here."), log),
  );
  app.all("/*", async (request, reply) => {
    options.faults?.beforeRequest(request.url);
    const answer = await respond(kernel, options, request);
    if (options.faults?.losesAnswer(request.url) === true) {
      reply.hijack();
      reply.raw.destroy();
      return reply;
    }
    if (answer.headers !== undefined) void reply.headers(answer.headers);
    void reply.status(answer.status);
    if (answer.body === undefined) return reply.send();
    return reply.type("application/json; charset=utf-8").send(JSON.stringify(answer.body));
  });
  app.addHook("onClose", async () => {
    operations.stop();
  });
  return {
    app,
    resume: () => operations.resume(),
    scale: async (deploymentId, instances) => {
      const body = { sku: { name: "Default", capacity: instances } };
      await resourceReply(kernel, { hasRole: () => true }, autoscaleCall(deploymentId, body));
    },
    violations: () => kernel.truth.violations(),
  };
}

/** Autoscale acts by a right of its own, not by the roles of whoever declared it. */
function autoscaleCall(url: string, body: JsonObject): Call {
  const principal = { objectId: "", clientId: "Azure Monitor autoscale", tenantId: TENANT_ID };
  const query = { "api-version": "2025-12-01" };
  return { method: "PATCH", url, query, body, principal, origin: "https://management.azure.com" };
}

async function respond(kernel: Kernel, options: ArmOptions, request: FastifyRequest): Promise<Reply> {
  const [url = "", search = ""] = request.url.split("?", 2);
  // Azure does not distinguish the case of a parameter's name.
  const query = Object.fromEntries(
    [...new URLSearchParams(search)].map(([name, value]) => [name.toLowerCase(), value]),
  );
  if (url === "/metadata/endpoints") {
    return { status: 200, body: metadataEndpoints(query["api-version"] ?? "2022-09-01") };
  }
  const principal = await options.verifier.verify(request.headers.authorization, ARM_AUDIENCES);
  const call: Call = {
    method: request.method,
    url: url.replace(/\/+$/, ""),
    query,
    body: parseBody(request.body),
    principal,
    origin: `https://${request.headers.host ?? "management.azure.com"}`,
  };
  return (
    (await registrationReply(kernel, options.access, call)) ??
    permissionsReply(kernel, options.access, call) ??
    nameAvailabilityReply(kernel, options.access, call) ??
    subscriptionReply(kernel, call) ??
    quotaReply(kernel, options.quota?.(), call) ??
    operationReply(kernel, call) ??
    (await metricsReply(options.metrics, kernel, options.access, call)) ??
    (await resourceReply(kernel, options.access, call))
  );
}

async function resourceReply(kernel: Kernel, access: AccessControl, call: Call): Promise<Reply> {
  const generic = /^(\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/)resources$/i.exec(call.url);
  if (generic?.[1] !== undefined && call.method === "GET")
    return page(call, trackedResources(kernel, generic[1]));
  const path = parseArmPath(call.url);
  if (path === undefined || (path.resourceGroup === undefined && path.providers.length === 0)) {
    throw new ArmError(404, "NotFound", `No resource has the address '${call.url}'.`);
  }
  if (path.subscription !== undefined) checkSubscription(path.subscription);
  const typed = lookUp(kernel, access, call, path);
  const reply = withoutState(typed, await byMethod(kernel, typed));
  kernel.truth.response(call.method, call.url, typed.apiVersion, reply.status, reply.body);
  return reply;
}

/** The answer without the provisioning state, of a type that tells none. */
function withoutState({ row }: TypedCall, reply: Reply): Reply {
  if (row.longRunning?.hasState !== false || !isObject(reply.body)) return reply;
  const hide = (body: JsonObject): JsonObject => ({
    ...body,
    ...(isObject(body["properties"]) ? { properties: omit(body["properties"], ["provisioningState"]) } : {}),
  });
  const { value } = reply.body;
  const body = Array.isArray(value)
    ? { ...reply.body, value: value.filter(isObject).map(hide) }
    : hide(reply.body);
  return { ...reply, body };
}

function byMethod(kernel: Kernel, call: TypedCall): Reply | Promise<Reply> {
  switch (call.method) {
    case "GET":
      return get(kernel, call);
    case "HEAD":
      return head(kernel, call);
    case "PUT":
      return kernel.exclusive(() => put(kernel, call));
    case "PATCH":
      return kernel.exclusive(() => patch(kernel, call));
    case "DELETE":
      return kernel.exclusive(() => remove(kernel, call));
    case "POST":
      return kernel.exclusive(() => act(kernel, call));
    default:
      throw methodNotAllowed(call);
  }
}

function parseBody(text: unknown): JsonObject {
  if (typeof text !== "string" || text.trim() === "") return {};
  try {
    const body = JSON.parse(text) as Json;
    if (isObject(body)) return body;
  } catch {
    // Told below.
  }
  const message = "The request content was invalid and could not be deserialized: a JSON object is needed.";
  throw new ArmError(400, "InvalidRequestContent", message);
}

function addRequestIds(request: FastifyRequest, reply: FastifyReply): void {
  const given = request.headers["x-ms-correlation-request-id"];
  const correlation = typeof given === "string" ? given : randomUUID();
  const client = request.headers["x-ms-client-request-id"];
  void reply.headers({
    "x-ms-request-id": randomUUID(),
    "x-ms-correlation-request-id": correlation,
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
  });
  if (typeof client === "string") void reply.header("x-ms-client-request-id", client);
}

function sendError(
  reply: FastifyReply,
  error: Error & { statusCode?: number },
  log: (message: string) => void,
): FastifyReply {
  const refusal = asRefusal(error);
  if (refusal.status >= 500) log(error.stack ?? error.message);
  if (refusal.status === 429) void reply.header("retry-after", "1");
  if (refusal.status === 401) {
    void reply.header(
      "www-authenticate",
      `Bearer authorization_uri="https://login.microsoftonline.com/", error="invalid_token", error_description="${refusal.message.replaceAll('"', "'")}"`,
    );
  }
  return reply
    .status(refusal.status)
    .type("application/json; charset=utf-8")
    .send(JSON.stringify(errorBody(refusal)));
}

function asRefusal(error: Error & { statusCode?: number }): ArmError {
  if (error instanceof ArmError) return error;
  if (error instanceof TokenRefused) return new ArmError(401, error.code, error.message);
  if (error.statusCode === 413)
    return new ArmError(413, "RequestContentTooLarge", "The request is larger than 4 MB.");
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return new ArmError(error.statusCode, "InvalidRequestContent", error.message);
  }
  return new ArmError(500, "InternalServerError", "The local Azure failed; its log says why.");
}
