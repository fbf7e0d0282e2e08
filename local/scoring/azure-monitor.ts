import { ArmError } from "../arm/errors";
import { parseArmPath, typeOf } from "../arm/path";
import { supportedMetrics, type SupportedMetric } from "../arm/supported-metrics";
import type { Json, JsonObject } from "../json";
import { arrivalOf } from "./arrival";
import type { InstanceMetric, InstanceMetrics } from "./instance-metrics";
import type { Dimension, ScoringMetric, ScoringMetrics } from "./metrics";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Minutes of Azure Monitor's time grains. */
const GRAINS: Readonly<Record<string, number>> = { PT1M: 1, PT5M: 5, PT15M: 15, PT30M: 30, PT1H: 60 };
const AGGREGATIONS = ["average", "minimum", "maximum", "total", "count"] as const;

type Aggregation = (typeof AGGREGATIONS)[number];
type Point = Readonly<Record<Exclude<Aggregation, "total">, number>> & { readonly timeStamp: Date };
interface Series {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly data: readonly Point[];
}

export interface Measured {
  readonly requests: ScoringMetrics;
  readonly instances: InstanceMetrics;
}

/**
 * Answers `GET {resource}/providers/microsoft.insights/metrics` for endpoints and deployments. Each minute is there one to three minutes after
 * its end, and not before.
 *
 * @param query `metricnames` (comma-separated), `timespan` (`from/to`, default the last hour), `interval` (`PT1M` to `PT1H`, default `PT1M`),
 * `aggregation` (default `Average`), `$filter` (`deployment eq '*'` splits by a dimension, another value selects)
 * @throws ArmError for a metric or dimension that the type of the resource does not have
 */
export function azureMonitor(
  measured: Measured,
  now: () => number = Date.now,
): (resourceId: string, query: Readonly<Record<string, string>>) => Promise<JsonObject> {
  return async (resourceId, query) => {
    const type = typeOfId(resourceId);
    const known = supportedMetrics[type.toLowerCase()] ?? {};
    const { from, to } = timespanOf(query["timespan"], now());
    const interval = query["interval"] ?? "PT1M";
    const grain = GRAINS[interval];
    if (grain === undefined)
      throw refused(
        `Detected invalid time grain input: ${interval}. Supported: ${Object.keys(GRAINS).join()}.`,
      );
    const wanted = (query["aggregation"] ?? "Average").toLowerCase().split(",");
    const aggregations = AGGREGATIONS.filter((name) => wanted.includes(name));
    const filters = filtersOf(query["$filter"]);
    const names = (query["metricnames"] ?? Object.keys(known)[0] ?? "").split(",").map((name) => name.trim());
    const arrived = ({ timeStamp }: Point): boolean => arrivalOf(timeStamp.getTime()) <= now();
    return {
      cost: 0,
      timespan: `${from.toISOString()}/${to.toISOString()}`,
      interval,
      namespace: type,
      value: names.map((name): Json => {
        const metric = known[name];
        if (metric === undefined) throw unknownMetric(type, name, Object.keys(known));
        const by = dimensionsOf(name, metric, filters);
        const series = seriesOf(measured, name, resourceId, from, to, by)
          .filter(({ dimensions }) =>
            by.every(
              (each) =>
                filters.get(each.toLowerCase()) === "*" ||
                dimensions[each] === filters.get(each.toLowerCase()),
            ),
          )
          .map((one) => ({ ...one, data: inGrains(one.data.filter(arrived), grain) }))
          .filter(({ data }) => data.length > 0);
        return {
          id: `${resourceId}/providers/Microsoft.Insights/metrics/${name}`,
          type: "Microsoft.Insights/metrics",
          name: { value: name, localizedValue: name },
          unit: metric.unit,
          timeseries: series.map((one) => timeSeries(one, aggregations)),
          errorCode: "Success",
        };
      }),
    };
  };
}

/** What was measured by the minute; nothing for the metrics that the local Azure does not measure. */
function seriesOf(
  { requests, instances }: Measured,
  name: string,
  scope: string,
  from: Date,
  to: Date,
  by: readonly string[],
): Series[] {
  if (/^Request/.test(name))
    return requests
      .query({ metric: name as ScoringMetric, scope, from, to, by: by as Dimension[] })
      .map(({ dimensions, data }) => ({
        dimensions: dimensions as Record<string, string>,
        data: data.map((point) => ({ ...point, minimum: point.average, maximum: point.average })),
      }));
  if (!/^(Cpu.*|DeploymentCapacity)$/.test(name)) return [];
  return instances
    .query(name as InstanceMetric, scope, from, to, by.includes("instanceId"))
    .map(({ instanceId, data }) => ({
      dimensions: {
        ...(instanceId === undefined ? {} : { instanceId }),
        ...(by.includes("State") ? { State: "Ready" } : {}),
      },
      data,
    }));
}

/** Minutes joined to longer grains: the mean of their averages. */
function inGrains(minutes: readonly Point[], grain: number): Point[] {
  const starts = [...new Set(minutes.map(({ timeStamp }) => grainOf(timeStamp, grain)))];
  return starts.map((start) => {
    const own = minutes.filter(({ timeStamp }) => grainOf(timeStamp, grain) === start);
    return {
      timeStamp: new Date(start),
      average: own.reduce((sum, { average }) => sum + average, 0) / own.length,
      minimum: Math.min(...own.map(({ minimum }) => minimum)),
      maximum: Math.max(...own.map(({ maximum }) => maximum)),
      count: own.reduce((sum, { count }) => sum + count, 0),
    };
  });
}

function grainOf(time: Date, grain: number): number {
  return Math.floor(time.getTime() / (grain * MINUTE)) * grain * MINUTE;
}

function timeSeries({ dimensions, data }: Series, aggregations: readonly Aggregation[]): Json {
  return {
    metadatavalues: Object.entries(dimensions).map(([name, value]) => ({
      name: { value: name.toLowerCase(), localizedValue: name.toLowerCase() },
      value,
    })),
    data: data.map((point) => ({
      timeStamp: point.timeStamp.toISOString(),
      ...Object.fromEntries(
        aggregations.map((name) => [name, name === "total" ? point.average * point.count : point[name]]),
      ),
    })),
  };
}

function timespanOf(timespan: string | undefined, now: number): { from: Date; to: Date } {
  const [from, to] = (timespan ?? "").split("/").map((time) => new Date(time));
  if (from && to && !Number.isNaN(from.getTime()) && !Number.isNaN(to.getTime())) return { from, to };
  return { from: new Date(now - HOUR), to: new Date(now) };
}

/** The filter's dimensions, in lower case as Azure compares them. */
function filtersOf(filter: string | undefined): Map<string, string> {
  const parts = (filter ?? "").matchAll(/(\w+)\s+eq\s+'([^']*)'/g);
  return new Map(Array.from(parts, ([, name = "", value = ""]) => [name.toLowerCase(), value]));
}

function dimensionsOf(
  name: string,
  { dimensions }: SupportedMetric,
  filters: ReadonlyMap<string, string>,
): string[] {
  const known = dimensions.map((dimension) => dimension.toLowerCase());
  const unknown = [...filters.keys()].filter((dimension) => !known.includes(dimension));
  if (unknown.length > 0)
    throw refused(
      `Metric: ${name} does not support requested dimension combination: ${unknown.join()}, supported ones are: ${dimensions.join()}.`,
    );
  return dimensions.filter((dimension) => filters.has(dimension.toLowerCase()));
}

function typeOfId(resourceId: string): string {
  const path = parseArmPath(resourceId);
  return (path === undefined ? undefined : typeOf(path)) ?? "";
}

function unknownMetric(type: string, name: string, valid: readonly string[]): ArmError {
  const [provider = "", ...rest] = type.split("/");
  return refused(
    `Failed to find metric configuration for provider: ${provider}, resource Type: ${rest.join("/")}, metric: ${name}, Valid metrics: ${valid.join()}`,
  );
}

const refused = (message: string): ArmError => new ArmError(400, "BadRequest", message);
