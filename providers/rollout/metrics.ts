import type { Arm } from "../clients/arm";

const MONITOR_API_VERSION = "2023-10-01";
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
    readonly timeseries: readonly {
      readonly metadatavalues?: readonly { readonly value: string }[];
      readonly data: readonly { readonly timeStamp: string; readonly average?: number }[];
    }[];
  }[];
}

/** A deployment's figures by Azure Monitor, whole minutes from the one that `from` is in. @throws ArmError */
export async function readFigures(
  arm: Arm,
  deploymentId: string,
  from: number,
  to: number,
): Promise<Figures> {
  const timespan = `${new Date(Math.floor(from / 60_000) * 60_000).toISOString()}/${new Date(to).toISOString()}`;
  const query = { timespan, interval: "PT1M", aggregation: "Average" };
  const read = async (scope: string, own: Record<string, string>): Promise<MetricsAnswer> =>
    (await arm.read<MetricsAnswer>(`${scope}/providers/Microsoft.Insights/metrics`, {
      apiVersion: MONITOR_API_VERSION,
      query: { ...query, ...own },
    })) ?? { value: [] };
  const [, endpointId = "", deployment = ""] = /^(.*)\/deployments\/([^/]+)$/i.exec(deploymentId) ?? [];
  const { latencyMean, ...percentiles } = LATENCIES;
  const [counts, latencies, means] = await Promise.all([
    read(deploymentId, { metricnames: "RequestsPerMinute", $filter: "envoy_response_code eq '*'" }),
    read(deploymentId, { metricnames: Object.values(percentiles).join() }),
    // Azure Monitor has the mean at the endpoint alone, without mirrored requests.
    read(endpointId, { metricnames: latencyMean, $filter: `deployment eq '${deployment}'` }),
  ]);
  return figuresOf(counts, { value: [...latencies.value, ...means.value] });
}

/** @param counts requests by minute, a series for each status code */
export function figuresOf(counts: MetricsAnswer, latencies: MetricsAnswer): Figures {
  const byMinute = new Map<string, number>();
  let [requests, errors] = [0, 0];
  for (const { metadatavalues = [], data } of counts.value.flatMap(({ timeseries }) => timeseries)) {
    const well = metadatavalues[0]?.value.startsWith("2") === true;
    for (const { timeStamp, average = 0 } of data) {
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
