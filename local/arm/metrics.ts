import type { AccessControl } from "../identity/principal";
import type { JsonObject } from "../json";
import { authorize } from "./authorize";
import type { Call, Kernel, Reply } from "./call";
import { ArmError, resourceNotFound } from "./errors";
import { rowOf } from "./resource-type";

/** Azure Monitor's metrics of a resource: its id and the request's query (`metricnames`, `timespan`, `interval`, …) to the answer's body. */
export type Metrics = (resourceId: string, query: Readonly<Record<string, string>>) => Promise<JsonObject>;

/** `GET {resource}/providers/microsoft.insights/metrics`; undefined for other requests, and without metrics. Errors are Azure Monitor's own, without an `error` around them. */
export async function metricsReply(
  metrics: Metrics | undefined,
  kernel: Kernel,
  access: AccessControl,
  call: Call,
): Promise<Reply | undefined> {
  const id = /^(.+)\/providers\/microsoft\.insights\/metrics$/i.exec(call.url)?.[1];
  if (metrics === undefined || id === undefined || call.method !== "GET") return undefined;
  const resource = kernel.store.get(id);
  const row = resource === undefined ? undefined : rowOf(kernel.types, resource);
  if (resource === undefined || row === undefined)
    throw resourceNotFound(id.split("/").at(-2) ?? "", id.split("/").at(-1) ?? "", undefined);
  authorize(kernel.store, access, call.principal, "GET", row, undefined, resource.id);
  try {
    return { status: 200, body: await metrics(resource.id, call.query) };
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    return { status: error.status, body: { code: error.code, message: error.message } };
  }
}
