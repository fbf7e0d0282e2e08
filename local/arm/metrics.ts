import type { JsonObject } from "../json";
import type { Call, Reply } from "./call";

/** Azure Monitor's metrics of a resource: its id and the request's query (`metricnames`, `timespan`, `interval`, …) to the answer's body. */
export type Metrics = (resourceId: string, query: Readonly<Record<string, string>>) => Promise<JsonObject>;

/** `GET {resource}/providers/microsoft.insights/metrics`; undefined for other requests, and without metrics. */
export async function metricsReply(metrics: Metrics | undefined, call: Call): Promise<Reply | undefined> {
  const match = /^(.+)\/providers\/microsoft\.insights\/metrics$/i.exec(call.url);
  if (metrics === undefined || match?.[1] === undefined || call.method !== "GET") return undefined;
  return { status: 200, body: await metrics(match[1], call.query) };
}
