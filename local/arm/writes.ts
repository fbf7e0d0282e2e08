import type { JsonObject } from "../json";
import type { Call, Kernel, Reply, TypedCall } from "./call";
import { ArmError, resourceGroupNotFound } from "./errors";
import { parentId, resourceGroupOf } from "./ids";
import { checkLocks, LOCKS } from "./locks";
import { RESOURCE_GROUPS } from "./lookup";
import { longRunningHeaders, withOperationUri } from "./operation-reply";
import { objectAt, stringAt } from "./objects";
import { isResource, lastName } from "./path";
import { existing, shown } from "./reads";
import { checkLocation } from "./locations";
import type { Accepted, Made } from "./resource-type";
import type { StoredResource } from "./store";

export async function put(kernel: Kernel, call: TypedCall): Promise<Reply> {
  const { row, id } = call;
  if (row.make === undefined || !isTarget(call)) throw methodNotAllowed(call);
  const name = lastName(id);
  row.checkName?.(name);
  if (row.type !== LOCKS) checkLocks(kernel, "write", id);
  checkGroupStays(kernel, id);
  const previous = kernel.store.get(id);
  checkIdle(call, previous);
  if (row.tracked === true) checkLocation(name, call.body, previous?.body, resourceGroupOf(id) ?? "");
  const body = kernel.truth.request("PUT", call.url, call.apiVersion, call.body, previous?.body);
  const made = await row.make({ ...context(kernel, call), body, sent: call.body, existing: previous });
  return store(kernel, call, made, previous, row.longRunning?.put);
}

export async function patch(kernel: Kernel, call: TypedCall): Promise<Reply> {
  const { row, id } = call;
  if (row.amend === undefined || !isTarget(call)) throw methodNotAllowed(call);
  const previous = existing(kernel, call);
  checkLocks(kernel, "write", id);
  checkGroupStays(kernel, id);
  checkIdle(call, previous);
  const body = kernel.truth.request("PATCH", call.url, call.apiVersion, call.body);
  const made = await row.amend({ ...context(kernel, call), body, existing: previous });
  return store(kernel, call, made, previous, row.longRunning?.patch);
}

export async function remove(kernel: Kernel, call: TypedCall): Promise<Reply> {
  const { row, id, query } = call;
  if (!isTarget(call) || (row.erase === undefined && row.make === undefined)) throw methodNotAllowed(call);
  const target = kernel.store.get(id);
  await row.beforeDelete?.({ ...context(kernel, call), existing: target });
  if (target === undefined && row.type === RESOURCE_GROUPS) throw resourceGroupNotFound(lastName(id));
  if (target === undefined) return { status: 204 };
  if (row.type !== LOCKS) checkLocks(kernel, "delete", id);
  const under = objectAt(target.body, "properties")["provisioningState"];
  const busy = stringAt(target.internal, "operation");
  const running = busy === undefined ? undefined : kernel.operations.get(busy);
  const accepted = row.longRunning?.delete;
  if (running?.kind === "delete" && under === "Deleting" && accepted !== undefined) {
    return { status: 202, headers: longRunningHeaders(call, target, running, accepted.headers) };
  }
  checkIdle(call, target);
  const purge = [query["forcetopurge"], query["force"]].includes("true");
  if (accepted === undefined) {
    await kernel.erase(target, { purge });
    return { status: 200 };
  }
  const operation = await kernel.operations.begin("delete", target, row.longRunning?.prefix, { purge });
  await kernel.store.put(underWay(target, operation.name, "Deleting"));
  kernel.operations.run(operation, target);
  return { status: accepted.created, headers: longRunningHeaders(call, target, operation, accepted.headers) };
}

async function store(
  kernel: Kernel,
  call: TypedCall,
  made: Made,
  previous: StoredResource | undefined,
  accepted: Accepted | undefined,
): Promise<Reply> {
  const { row, id } = call;
  const resource = envelope(kernel, call, made, previous);
  const created = previous === undefined;
  const status = created ? accepted?.created : accepted?.updated;
  if (accepted === undefined || status === undefined || status === "at once") {
    await row.write?.(kernel, resource, previous);
    await kernel.store.put(resource);
    return {
      status: created ? (row.createdStatus ?? 201) : (row.updatedStatus ?? 200),
      body: shown(kernel, resource).body,
    };
  }
  const operation = await kernel.operations.begin("write", { ...resource, id }, row.longRunning?.prefix);
  const pending = underWay(
    withOperationUri(call, resource, operation),
    operation.name,
    created ? "Creating" : "Updating",
  );
  await kernel.store.put(pending);
  kernel.operations.run(operation, previous);
  return {
    status,
    body: shown(kernel, pending).body,
    headers: longRunningHeaders(call, pending, operation, accepted.headers),
  };
}

/** The resource as ARM shows it. */
function envelope(
  kernel: Kernel,
  call: TypedCall,
  made: Made,
  previous: StoredResource | undefined,
): StoredResource {
  const { row, id, principal } = call;
  const body: JsonObject = { id, name: lastName(id), type: row.type, ...made.body };
  if (row.systemData === true) {
    const now = kernel.now().toISOString();
    const before = objectAt(previous?.body ?? {}, "systemData");
    body["systemData"] = {
      createdAt: before["createdAt"] ?? now,
      createdBy: before["createdBy"] ?? principal.clientId,
      createdByType: "Application",
      lastModifiedAt: now,
      lastModifiedBy: principal.clientId,
      lastModifiedByType: "Application",
    };
  }
  return { id, body, internal: { ...previous?.internal, ...made.internal } };
}

function underWay(resource: StoredResource, operation: string, provisioningState: string): StoredResource {
  return {
    ...resource,
    body: { ...resource.body, properties: { ...objectAt(resource.body, "properties"), provisioningState } },
    internal: { ...resource.internal, operation },
  };
}

function context(kernel: Kernel, call: TypedCall) {
  const { id, apiVersion, query, principal } = call;
  return { arm: kernel, id, name: lastName(id), apiVersion, query, principal };
}

function isTarget({ path }: TypedCall): boolean {
  return isResource(path) || path.providers.length === 0;
}

/** Nothing is written to a resource that another request is still writing. */
export function checkIdle(
  { method, row }: Pick<TypedCall, "method" | "row">,
  target: StoredResource | undefined,
): void {
  if (target?.internal["operation"] === undefined) return;
  const state = String(objectAt(target.body, "properties")["provisioningState"]);
  throw new ArmError(
    409,
    "Conflict",
    `Already running method ${method} on ${row.type} '${lastName(target.id)}', which is ${state}. Wait until it has ended.`,
  );
}

/** Nothing is written below what is being deleted. */
function checkGroupStays(kernel: Kernel, id: string): void {
  const group = resourceGroupOf(id);
  for (let above = parentId(id); above.length > 0; above = parentId(above)) {
    const target = kernel.store.get(above);
    if (target === undefined || objectAt(target.body, "properties")["provisioningState"] !== "Deleting")
      continue;
    if (above.toLowerCase() === group?.toLowerCase()) {
      const message = `The resource group '${lastName(above)}' is in deprovisioning state and cannot perform this operation.`;
      throw new ArmError(409, "ResourceGroupBeingDeleted", message);
    }
    throw new ArmError(
      409,
      "Conflict",
      `'${lastName(above)}' is being deleted; nothing can be written below it.`,
    );
  }
}

export function methodNotAllowed({ method }: Call): ArmError {
  const message = `The requested resource does not support http method '${method}'.`;
  return new ArmError(405, "MethodNotAllowed", message);
}

/** POST: what a type offers beside reading and writing. */
export async function act(kernel: Kernel, call: TypedCall): Promise<Reply> {
  const { action = "", row } = call;
  const early = row.earlyActions?.[action];
  if (early !== undefined) return early(context(kernel, call));
  const handler = row.actions?.[action];
  if (handler === undefined) throw methodNotAllowed(call);
  const target = existing(kernel, call);
  checkLocks(kernel, "action", target.id);
  const body = kernel.truth.request("POST", call.url, call.apiVersion, call.body);
  const accepted = row.longRunning?.actions?.[action];
  if (accepted !== undefined) checkIdle(call, target);
  const answer = await handler({ ...context(kernel, call), body, existing: target });
  if (accepted === undefined || answer.status !== 202) return { status: answer.status, body: answer.body };
  const operation = await kernel.operations.begin("write", target, undefined, { answer: answer.body });
  const busy = underWay(target, operation.name, "Updating");
  await kernel.store.put({ ...busy, internal: { ...busy.internal, ...answer.internal } });
  kernel.operations.run(operation, target);
  return { status: 202, headers: longRunningHeaders(call, target, operation, accepted.headers) };
}
