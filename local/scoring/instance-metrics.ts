/** What one instance of a deployment used at one moment. */
export interface InstanceSample {
  /** ARM id. */
  readonly deploymentId: string;
  readonly instanceId: string;
  /** Of the machine's processors and memory, which each instance has to itself as far as it knows. */
  readonly cpuPercent: number;
  readonly memoryPercent: number;
}

export type InstanceMetric =
  "CpuUtilizationPercentage" | "CpuMemoryUtilizationPercentage" | "DeploymentCapacity";

export interface GaugeSeries {
  readonly instanceId?: string;
  readonly data: readonly Gauge[];
}

export interface Gauge {
  readonly timeStamp: Date;
  readonly average: number;
  readonly minimum: number;
  readonly maximum: number;
  /** Samples. */
  readonly count: number;
}

const MINUTE = 60_000;
const MINUTES_KEPT = 24 * 60;

/** A day of what instances used, by the minute, in memory. */
export class InstanceMetrics {
  private readonly minutes = new Map<number, InstanceSample[]>();

  constructor(private readonly now: () => number = Date.now) {}

  record(samples: readonly InstanceSample[]): void {
    const minute = Math.floor(this.now() / MINUTE);
    const kept = this.minutes.get(minute);
    if (kept !== undefined) kept.push(...samples);
    else {
      for (const old of this.minutes.keys()) if (old <= minute - MINUTES_KEPT) this.minutes.delete(old);
      this.minutes.set(minute, [...samples]);
    }
  }

  /** @param split a series for each instance; otherwise one over all of them, capacities summed */
  query(metric: InstanceMetric, deploymentId: string, from: Date, to: Date, split: boolean): GaugeSeries[] {
    const series = new Map<string, Gauge[]>();
    for (const [minute, samples] of this.minutes) {
      const timeStamp = new Date(minute * MINUTE);
      if (timeStamp < from || timeStamp >= to) continue;
      const own = samples.filter((one) => one.deploymentId.toLowerCase() === deploymentId.toLowerCase());
      for (const instanceId of new Set(own.map((one) => (split ? one.instanceId : "")))) {
        const group = own.filter((one) => !split || one.instanceId === instanceId);
        const gauge = { timeStamp, ...gaugeOf(metric, group) };
        series.set(instanceId, [...(series.get(instanceId) ?? []), gauge]);
      }
    }
    return [...series].map(([instanceId, data]) => (split ? { instanceId, data } : { data }));
  }
}

function gaugeOf(metric: InstanceMetric, samples: readonly InstanceSample[]): Omit<Gauge, "timeStamp"> {
  const count = samples.length;
  if (metric === "DeploymentCapacity") {
    const instances = new Set(samples.map(({ instanceId }) => instanceId)).size;
    return { average: instances, minimum: instances, maximum: instances, count };
  }
  const values = samples.map(({ cpuPercent, memoryPercent }) =>
    metric === "CpuUtilizationPercentage" ? cpuPercent : memoryPercent,
  );
  const average = values.reduce((total, value) => total + value, 0) / count;
  return { average, minimum: Math.min(...values), maximum: Math.max(...values), count };
}
