import type { Json, JsonObject } from "../json";
import type { Dimension, MetricSeries, ScoringMetric, ScoringMetrics } from "./metrics";

const UNITS: Readonly<Record<ScoringMetric, string>> = {
  RequestsPerMinute: "Count",
  RequestLatency: "MilliSeconds",
  RequestLatency_P50: "MilliSeconds",
  RequestLatency_P90: "MilliSeconds",
  RequestLatency_P95: "MilliSeconds",
  RequestLatency_P99: "MilliSeconds",
};
const DIMENSIONS: readonly Dimension[] = [
  "deployment",
  "statusCode",
  "statusCodeClass",
  "modelStatusCode",
  "envoy_response_code",
];
const HOUR = 3_600_000;

/**
 * Answers `GET {resource}/providers/microsoft.insights/metrics` for endpoints and deployments, by the minute (PT1M).
 * @param query `metricnames` (comma-separated), `timespan` (`from/to`, default the last hour), `$filter` (`deployment eq '*'`
 * splits by a dimension, another value selects)
 */
export function azureMonitor(
  metrics: ScoringMetrics,
  now: () => number = Date.now,
): (resourceId: string, query: Readonly<Record<string, string>>) => Promise<JsonObject> {
  return async (resourceId, query) => {
    const { from, to } = timespanOf(query["timespan"], now());
    const filters = filtersOf(query["$filter"]);
    const by = DIMENSIONS.filter((dimension) => filters.has(dimension));
    const names = (query["metricnames"] ?? "RequestsPerMinute").split(",").map((name) => name.trim());
    return {
      cost: 0,
      timespan: `${from.toISOString()}/${to.toISOString()}`,
      interval: "PT1M",
      namespace: "Microsoft.MachineLearningServices/workspaces/onlineEndpoints",
      value: names.filter(isMetric).map((metric): Json => {
        const series = metrics.query({ metric, scope: resourceId, from, to, by });
        return {
          id: `${resourceId}/providers/Microsoft.Insights/metrics/${metric}`,
          type: "Microsoft.Insights/metrics",
          name: { value: metric, localizedValue: metric },
          unit: UNITS[metric],
          timeseries: series.filter((one) => selected(one, filters)).map(timeSeries),
          errorCode: "Success",
        };
      }),
    };
  };
}

const isMetric = (name: string): name is ScoringMetric => name in UNITS;

function timeSeries({ dimensions, data }: MetricSeries): Json {
  return {
    metadatavalues: Object.entries(dimensions).map(([name, value]) => ({
      name: { value: name.toLowerCase(), localizedValue: name.toLowerCase() },
      value,
    })),
    data: data.map(({ timeStamp, average, count }) => ({
      timeStamp: timeStamp.toISOString(),
      average,
      count,
    })),
  };
}

function timespanOf(timespan: string | undefined, now: number): { from: Date; to: Date } {
  const [from, to] = (timespan ?? "").split("/").map((time) => new Date(time));
  if (from && to && !Number.isNaN(from.getTime()) && !Number.isNaN(to.getTime())) return { from, to };
  return { from: new Date(now - HOUR), to: new Date(now) };
}

function filtersOf(filter: string | undefined): Map<string, string> {
  const filters = new Map<string, string>();
  for (const [, name, value] of (filter ?? "").matchAll(/(\w+)\s+eq\s+'([^']*)'/g)) {
    const dimension = DIMENSIONS.find((known) => known.toLowerCase() === name?.toLowerCase());
    if (dimension !== undefined && value !== undefined) filters.set(dimension, value);
  }
  return filters;
}

function selected({ dimensions }: MetricSeries, filters: ReadonlyMap<string, string>): boolean {
  return [...filters].every(([name, value]) => value === "*" || dimensions[name as Dimension] === value);
}
