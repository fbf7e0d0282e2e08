import type { Arm } from "../clients/arm";

const MONITOR_API_VERSION = "2023-10-01";
const MINUTE = 60_000;
/** What a generation is compared with goes back so far before the step. */
const BASELINE_TIME = 60 * MINUTE;
/** Without it Azure Monitor answers with ten: an endpoint may have 20 deployments, each with several status codes. */
const MOST_SERIES = "1000";
const DEPLOYMENT = "deployment";
/** The dimension with the status, by scope. */
const STATUS = ["statuscode", "envoy_response_code"];
const LATENCIES = {
  latencyMean: "RequestLatency",
  latencyP50: "RequestLatency_P50",
  latencyP90: "RequestLatency_P90",
  latencyP95: "RequestLatency_P95",
  latencyP99: "RequestLatency_P99",
} as const;

export type LatencyFigure = keyof typeof LATENCIES;

/** What a deployment did in some minutes; latencies are milliseconds, undefined without requests. */
export type Figures = { readonly requests: number; readonly errorPercent?: number } & {
  readonly [F in LatencyFigure]?: number;
};

/** What a gate judges. */
export interface MeasuredFigures {
  readonly candidate: Figures;
  /** Of the generation that serves. */
  readonly baseline?: Figures;
}

/** The part of Azure Monitor's answer that is used. */
export interface MetricsAnswer {
  readonly value: readonly {
    readonly name: { readonly value: string };
    readonly timeseries: readonly Series[];
  }[];
}

interface Series {
  readonly metadatavalues?: readonly { readonly name: { readonly value: string }; readonly value: string }[];
  readonly data: readonly { readonly timeStamp: string; readonly average?: number }[];
}

/** Whose figures are wanted, and from when. */
export interface Question {
  readonly generation: string;
  /** The generation that serves; undefined where there is none to compare with. */
  readonly baseline: string | undefined;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Whether the generation gets copies of requests: Azure counts these at the deployment alone. */
  readonly mirrored: boolean;
}

/**
 * The figures of Azure Monitor that have arrived, whole minutes from the one that `since` is in. The endpoint's metrics, split by deployment,
 * tell those of both; the generation that serves has an hour more, since at the last step it has no traffic any more.
 *
 * @throws ArmError
 */
export async function readFigures(
  arm: Arm,
  endpointId: string,
  { generation, baseline, since, mirrored }: Question,
  now: number,
): Promise<MeasuredFigures> {
  const read = async (scope: string, from: number, own: Record<string, string>): Promise<MetricsAnswer> => {
    const timespan = `${new Date(minuteOf(from)).toISOString()}/${new Date(now).toISOString()}`;
    const query = { timespan, interval: "PT1M", aggregation: "Average", ...own };
    const request = { apiVersion: MONITOR_API_VERSION, query };
    return (
      (await arm.read<MetricsAnswer>(`${scope}/providers/Microsoft.Insights/metrics`, request)) ?? {
        value: [],
      }
    );
  };
  const { latencyMean, ...percentiles } = LATENCIES;
  const percentileNames = Object.values(percentiles).join();
  const from = baseline === undefined ? since : since - BASELINE_TIME;
  const id = `${endpointId}/deployments/${generation}`;
  const [counts, latencies, ownCounts, ownLatencies] = await Promise.all([
    read(endpointId, from, {
      metricnames: "RequestsPerMinute",
      $filter: "deployment eq '*' and statusCode eq '*'",
      top: MOST_SERIES,
    }),
    read(endpointId, from, {
      metricnames: `${latencyMean},${percentileNames}`,
      $filter: "deployment eq '*'",
      top: MOST_SERIES,
    }),
    mirrored
      ? read(id, since, {
          metricnames: "RequestsPerMinute",
          $filter: "envoy_response_code eq '*'",
          top: MOST_SERIES,
        })
      : undefined,
    mirrored ? read(id, since, { metricnames: percentileNames }) : undefined,
  ]);
  return {
    candidate:
      ownCounts === undefined || ownLatencies === undefined
        ? figuresOf(of(counts, generation, since), of(latencies, generation, since))
        : figuresOf(ownCounts, ownLatencies),
    ...(baseline === undefined
      ? {}
      : { baseline: figuresOf(of(counts, baseline, from), of(latencies, baseline, from)) }),
  };
}

/** The part of an endpoint's metrics that is one deployment's, whole minutes from the one that `from` is in. */
export function of(answer: MetricsAnswer, deployment: string, from: number): MetricsAnswer {
  return {
    value: answer.value.map(({ name, timeseries }) => ({
      name,
      timeseries: timeseries
        .filter((series) => dimension(series, DEPLOYMENT) === deployment)
        .map(({ data, ...series }) => ({
          ...series,
          data: data.filter(({ timeStamp }) => Date.parse(timeStamp) >= minuteOf(from)),
        })),
    })),
  };
}

/** @param counts requests by minute, a series for each status code */
export function figuresOf(counts: MetricsAnswer, latencies: MetricsAnswer): Figures {
  const byMinute = new Map<string, number>();
  let [requests, errors] = [0, 0];
  for (const { timeseries } of counts.value)
    for (const series of timeseries) {
      const well = STATUS.some((name) => dimension(series, name)?.startsWith("2"));
      for (const { timeStamp, average = 0 } of series.data) {
        const minute = new Date(timeStamp).toISOString();
        requests += average;
        errors += well ? 0 : average;
        byMinute.set(minute, (byMinute.get(minute) ?? 0) + average);
      }
    }
  if (requests === 0) return { requests };
  const means = Object.entries(LATENCIES).map(([figure, metric]) => {
    const data = latencies.value.find(({ name }) => name.value === metric)?.timeseries[0]?.data ?? [];
    return [figure, weightedMean(data, byMinute)];
  });
  return { requests, errorPercent: (errors * 100) / requests, ...Object.fromEntries(means) } as Figures;
}

/** Over the minutes, each as heavy as its requests: the nearest to the figure of the whole time that by-minute figures give. */
function weightedMean(
  data: readonly { readonly timeStamp: string; readonly average?: number }[],
  requests: ReadonlyMap<string, number>,
): number | undefined {
  let [sum, weight] = [0, 0];
  for (const { timeStamp, average } of data) {
    const count = requests.get(new Date(timeStamp).toISOString()) ?? 0;
    if (average === undefined) continue;
    sum += average * count;
    weight += count;
  }
  return weight === 0 ? undefined : sum / weight;
}

function dimension({ metadatavalues = [] }: Series, wanted: string): string | undefined {
  return metadatavalues.find(({ name }) => name.value.toLowerCase() === wanted)?.value;
}

function minuteOf(time: number): number {
  return Math.floor(time / MINUTE) * MINUTE;
}
