import { SUBSCRIPTION_ID } from "../cloud";
import type { JsonObject } from "../json";
import type { Call, Kernel, Reply, TypedCall } from "./call";
import { ArmError } from "./errors";
import { objectAt, stringAt } from "./objects";
import { POLL_EVERY, shown } from "./reads";
import type { Operation } from "./operations";
import { type OperationHeader, type ResourceTypes, rowOf } from "./resource-type";
import type { StoredResource } from "./store";

type Asked = Pick<TypedCall, "origin" | "row" | "apiVersion">;

function address(call: Asked, target: StoredResource, name: string, kind: "status" | "result"): string {
  const { row, origin, apiVersion } = call;
  const collection = row.longRunning?.[kind];
  const subscription = `${origin}/subscriptions/${SUBSCRIPTION_ID}`;
  const [namespace] = row.type.split("/");
  const where =
    collection === "operationresults"
      ? "/operationresults"
      : `/providers/${namespace}/locations/${stringAt(target.body, "location") ?? "global"}/${collection}`;
  return `${subscription}${where}/${name}?api-version=${apiVersion}`;
}

/** The headers that tell a client where to poll. */
export function longRunningHeaders(
  call: Asked,
  target: StoredResource,
  { name }: Operation,
  headers: readonly OperationHeader[],
): Record<string, string> {
  const found: Record<string, string> = { "x-ms-retry-after-ms": String(POLL_EVERY) };
  if (headers.includes("Location")) found["Location"] = address(call, target, name, "result");
  if (headers.includes("Azure-AsyncOperation"))
    found["Azure-AsyncOperation"] = address(call, target, name, "status");
  if (call.row.type.startsWith("Microsoft.MachineLearningServices/"))
    found["x-ms-async-operation-timeout"] = "PT1H";
  return found;
}

/** Endpoints and deployments show the address of their last operation in their own property bag. */
export function withOperationUri(
  call: Asked,
  resource: StoredResource,
  operation: Operation,
): StoredResource {
  if (call.row.longRunning?.prefix === undefined) return resource;
  const properties = objectAt(resource.body, "properties");
  const bag: JsonObject = {
    ...objectAt(properties, "properties"),
    AzureAsyncOperationUri: address(call, resource, operation.name, "status"),
  };
  return { ...resource, body: { ...resource.body, properties: { ...properties, properties: bag } } };
}

/** The answer to a poll: of the status document, or, at the address of `Location`, of what came out. */
export function operationReply(kernel: Kernel, call: Call): Reply | undefined {
  const match = /\/(?:locations\/[^/]+\/)?([^/]+)\/([^/]+)$/.exec(call.url);
  const [, collection = "", name = ""] = match ?? [];
  const kind = kindOf(kernel.types, collection);
  if (kind === undefined) return undefined;
  const operation = kernel.operations.get(decodeURIComponent(name));
  if (operation === undefined)
    throw new ArmError(404, "ResourceNotFound", `The operation '${name}' was not found.`);
  return kind === "status" ? status(call, operation) : result(kernel, call, operation);
}

function kindOf(types: ResourceTypes, collection: string): "status" | "result" | undefined {
  const wanted = collection.toLowerCase();
  for (const { longRunning } of types.values()) {
    if (longRunning?.result.toLowerCase() === wanted) return "result";
    if (longRunning?.status.toLowerCase() === wanted) return "status";
  }
  return undefined;
}

function status(call: Call, operation: Operation): Reply {
  const { name, startTime, endTime, error } = operation;
  const body: JsonObject = { id: call.url, name, status: operation.status, startTime };
  if (endTime !== undefined) body["endTime"] = endTime;
  if (error !== undefined) body["error"] = error;
  return { status: 200, body, headers: { "x-ms-retry-after-ms": String(POLL_EVERY) } };
}

function result(kernel: Kernel, call: Call, operation: Operation): Reply {
  if (operation.status === "InProgress") {
    const query = new URLSearchParams(call.query).toString();
    const again = `${call.origin}${call.url}?${query}`;
    return { status: 202, headers: { Location: again, "x-ms-retry-after-ms": String(POLL_EVERY) } };
  }
  if (operation.status === "Failed") {
    const error = operation.error ?? {};
    return { status: error["code"] === "InternalServerError" ? 500 : 400, body: { error } };
  }
  if (operation.answer !== undefined) return { status: 200, body: operation.answer };
  const target = operation.kind === "delete" ? undefined : kernel.store.get(operation.target);
  return target === undefined || rowOf(kernel.types, target) === undefined
    ? { status: 204 }
    : { status: 200, body: shown(kernel, target).body };
}
