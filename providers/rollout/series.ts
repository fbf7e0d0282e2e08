import type { Arm } from "../clients/arm";
import type { MetricsAnswer } from "./metrics";

const MONITOR_API_VERSION = "2023-10-01";
const LATENCY = "RequestLatency_P95";

/** What a deployment did in a minute. */
export interface Minute {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly requests: number;
  /** Undefined without requests. */
  readonly errorPercent?: number;
  /** Milliseconds. */
  readonly latencyP95?: number;
}

/** A deployment's minutes by Azure Monitor, oldest first; those that it doesn't know are left out. @throws ArmError */
export async function readMinutes(
  arm: Arm,
  deploymentId: string,
  from: number,
  to: number,
): Promise<readonly Minute[]> {
  const timespan = `${new Date(Math.floor(from / 60_000) * 60_000).toISOString()}/${new Date(to).toISOString()}`;
  const read = async (query: Record<string, string>): Promise<MetricsAnswer> =>
    (await arm.read<MetricsAnswer>(`${deploymentId}/providers/Microsoft.Insights/metrics`, {
      apiVersion: MONITOR_API_VERSION,
      query: { timespan, interval: "PT1M", aggregation: "Average", ...query },
    })) ?? { value: [] };
  const [counts, latencies] = await Promise.all([
    read({ metricnames: "RequestsPerMinute", $filter: "envoy_response_code eq '*'" }),
    read({ metricnames: LATENCY }),
  ]);
  return minutesOf(counts, latencies);
}

/** @param counts requests by minute, a series for each status code */
export function minutesOf(counts: MetricsAnswer, latencies: MetricsAnswer): readonly Minute[] {
  const requests = new Map<number, { all: number; failed: number }>();
  for (const { metadatavalues = [], data } of counts.value.flatMap(({ timeseries }) => timeseries)) {
    const well = metadatavalues[0]?.value.startsWith("2") === true;
    for (const { timeStamp, average = 0 } of data) {
      const at = Date.parse(timeStamp);
      const { all, failed } = requests.get(at) ?? { all: 0, failed: 0 };
      requests.set(at, { all: all + average, failed: failed + (well ? 0 : average) });
    }
  }
  const latency = new Map(
    latencies.value
      .flatMap(({ timeseries }) => timeseries)
      .flatMap(({ data }) => data.map(({ timeStamp, average }) => [Date.parse(timeStamp), average] as const)),
  );
  return [...requests]
    .sort(([one], [other]) => one - other)
    .map(([at, { all, failed }]) => {
      const latencyP95 = latency.get(at);
      return {
        at,
        requests: all,
        ...(all > 0 ? { errorPercent: (failed * 100) / all } : {}),
        ...(latencyP95 === undefined ? {} : { latencyP95 }),
      };
    });
}
