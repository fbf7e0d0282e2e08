/** A metric as its page has it. */
export interface SupportedMetric {
  readonly unit: "Bytes" | "BytesPerSecond" | "Count" | "CountPerSecond" | "MilliSeconds" | "Percent";
  readonly aggregations: readonly string[];
  readonly dimensions: readonly string[];
}

const ENDPOINTS = "microsoft.machinelearningservices/workspaces/onlineendpoints";

const average = (unit: SupportedMetric["unit"], ...dimensions: string[]): SupportedMetric => ({
  unit,
  aggregations: ["Average"],
  dimensions,
});
const perInstance = (unit: SupportedMetric["unit"], ...dimensions: string[]): SupportedMetric => ({
  unit,
  aggregations: ["Minimum", "Maximum", "Average"],
  dimensions: ["instanceId", ...dimensions],
});

/**
 * By type in lower case, the metrics of online endpoints and deployments, as Azure Monitor's pages of supported metrics have them: a
 * deployment has no mean latency. Those of data collection are left out.
 */
export const supportedMetrics: Readonly<Record<string, Readonly<Record<string, SupportedMetric>>>> = {
  [ENDPOINTS]: {
    ConnectionsActive: average("Count"),
    NetworkBytes: average("BytesPerSecond"),
    NewConnectionsPerSecond: average("CountPerSecond"),
    RequestLatency: average("MilliSeconds", "deployment"),
    RequestLatency_P50: average("MilliSeconds", "deployment"),
    RequestLatency_P90: average("MilliSeconds", "deployment"),
    RequestLatency_P95: average("MilliSeconds", "deployment"),
    RequestLatency_P99: average("MilliSeconds", "deployment"),
    RequestsPerMinute: average("Count", "deployment", "statusCode", "statusCodeClass", "modelStatusCode"),
  },
  [`${ENDPOINTS}/deployments`]: {
    CpuMemoryUtilizationPercentage: perInstance("Percent"),
    CpuUtilizationPercentage: perInstance("Percent"),
    DeploymentCapacity: perInstance("Count", "State"),
    DiskUtilization: perInstance("Percent", "disk"),
    GpuMemoryUtilizationPercentage: perInstance("Percent"),
    GpuUtilizationPercentage: perInstance("Percent"),
    RequestLatency_P50: average("MilliSeconds"),
    RequestLatency_P90: average("MilliSeconds"),
    RequestLatency_P95: average("MilliSeconds"),
    RequestLatency_P99: average("MilliSeconds"),
    RequestsPerMinute: average("Count", "envoy_response_code"),
  },
};
