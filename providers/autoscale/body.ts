/** Every part of what decides how many machines a deployment has. */
export interface AutoscaleSpec {
  readonly instances: InstanceRange;
  readonly rules: readonly ScaleRule[];
  /** By name. */
  readonly schedules?: Readonly<Record<string, ScaleSchedule>>;
}

export interface InstanceRange {
  readonly least: number;
  readonly most: number;
  /** How many there are while metrics can't be read. `least` by default. */
  readonly default?: number;
}

export interface ScaleRule {
  readonly metric: ScaleMetric;
  readonly above?: number;
  readonly below?: number;
  /** Instances that are added, or taken away where it is negative. */
  readonly change: number;
  /** 5 by default. */
  readonly windowMinutes?: number;
  /** 5 by default. */
  readonly cooldownMinutes?: number;
}

export interface ScaleSchedule {
  readonly days: readonly string[];
  /** `HH:MM`; `00:00` by default. */
  readonly from?: string;
  /** `HH:MM`; `23:59` by default. */
  readonly until?: string;
  /** Of Windows; `UTC` by default. */
  readonly timeZone?: string;
  readonly instances: InstanceRange;
  /** Those of the rest of the week by default. */
  readonly rules?: readonly ScaleRule[];
}

/** The endpoint has the mean latency alone, of each of its deployments; the rest are metrics of a deployment. */
export const SCALE_METRICS = [
  "CpuUtilizationPercentage",
  "CpuMemoryUtilizationPercentage",
  "GpuUtilizationPercentage",
  "GpuMemoryUtilizationPercentage",
  "RequestLatency",
  "RequestLatency_P50",
  "RequestLatency_P90",
  "RequestLatency_P95",
  "RequestLatency_P99",
] as const;

export type ScaleMetric = (typeof SCALE_METRICS)[number];

/** What an autoscale setting is about. */
export interface AutoscaleTarget {
  /** ARM id of the online deployment. */
  readonly deploymentId: string;
  readonly location: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** The body of `Microsoft.Insights/autoscaleSettings` as ARM takes it. */
export interface AutoscaleBody {
  readonly location: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties: {
    readonly name: string;
    readonly enabled: true;
    readonly targetResourceUri: string;
    readonly profiles: AutoscaleProfile[];
  };
}

export interface AutoscaleProfile {
  readonly name: string;
  readonly capacity: { readonly minimum: string; readonly maximum: string; readonly default: string };
  readonly rules: ProfileRule[];
  readonly recurrence?: {
    readonly frequency: "Week";
    readonly schedule: {
      readonly timeZone: string;
      readonly days: string[];
      readonly hours: number[];
      readonly minutes: number[];
    };
  };
}

interface ProfileRule {
  readonly metricTrigger: {
    readonly metricName: ScaleMetric;
    readonly metricResourceUri: string;
    readonly timeGrain: "PT1M";
    readonly statistic: "Average";
    readonly timeWindow: string;
    readonly timeAggregation: "Average";
    readonly operator: "GreaterThan" | "LessThan";
    readonly threshold: number;
    readonly dimensions?: { DimensionName: string; Operator: "Equals"; Values: string[] }[];
  };
  readonly scaleAction: {
    readonly direction: "Increase" | "Decrease";
    readonly type: "ChangeCount";
    readonly value: string;
    readonly cooldown: string;
  };
}

/** The API that `autoscaleBody` is of. */
export const AUTOSCALE_API_VERSION = "2021-05-01-preview";

/** The profile that holds where no schedule does. */
export const DEFAULT_PROFILE = "default";

/** The setting's name: one a deployment, for Azure takes no second one. */
export function autoscaleName(deploymentId: string): string {
  const [, endpoint, deployment] = partsOf(deploymentId);
  return `autoscale-${endpoint}-${deployment}`;
}

/** ARM id of the deployment's setting, in the deployment's resource group. */
export function autoscaleId(deploymentId: string): string {
  const [group] = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(deploymentId) ?? [""];
  return `${group}/providers/Microsoft.Insights/autoscaleSettings/${autoscaleName(deploymentId)}`;
}

/**
 * What ARM is told of a deployment's autoscale.
 *
 * A recurring profile holds until the next one begins: each schedule brings a second profile, which begins as it ends and is the default again,
 * under the name by which Azure's portal knows it (Azure Monitor docs, Autoscale with multiple profiles).
 */
export function autoscaleBody(target: AutoscaleTarget, spec: AutoscaleSpec): AutoscaleBody {
  const { deploymentId, location, tags } = target;
  const usual = { ...capacityAndRules(deploymentId, spec.instances, spec.rules) };
  const scheduled = Object.entries(spec.schedules ?? {}).flatMap(([name, schedule]) => {
    const { from = "00:00", until = "23:59", instances, rules = spec.rules } = schedule;
    return [
      { name, ...capacityAndRules(deploymentId, instances, rules), recurrence: weekly(schedule, from) },
      {
        name: JSON.stringify({ name: DEFAULT_PROFILE, for: name }),
        ...usual,
        recurrence: weekly(schedule, until),
      },
    ];
  });
  return {
    location,
    ...(tags === undefined ? {} : { tags }),
    properties: {
      name: autoscaleName(deploymentId),
      enabled: true,
      targetResourceUri: deploymentId,
      profiles: [{ name: DEFAULT_PROFILE, ...usual }, ...scheduled],
    },
  };
}

function capacityAndRules(
  deploymentId: string,
  { least, most, default: usual = least }: InstanceRange,
  rules: readonly ScaleRule[],
): Pick<AutoscaleProfile, "capacity" | "rules"> {
  return {
    capacity: { minimum: String(least), maximum: String(most), default: String(usual) },
    rules: rules.map((rule) => profileRule(deploymentId, rule)),
  };
}

function profileRule(deploymentId: string, rule: ScaleRule): ProfileRule {
  const { metric, above, below, change, windowMinutes = 5, cooldownMinutes = 5 } = rule;
  return {
    metricTrigger: {
      metricName: metric,
      ...measuredAt(deploymentId, metric),
      timeGrain: "PT1M",
      statistic: "Average",
      timeWindow: `PT${windowMinutes}M`,
      timeAggregation: "Average",
      operator: above === undefined ? "LessThan" : "GreaterThan",
      threshold: above ?? below ?? 0,
    },
    scaleAction: {
      direction: change > 0 ? "Increase" : "Decrease",
      type: "ChangeCount",
      value: String(Math.abs(change)),
      cooldown: `PT${cooldownMinutes}M`,
    },
  };
}

function measuredAt(
  deploymentId: string,
  metric: ScaleMetric,
): Pick<ProfileRule["metricTrigger"], "metricResourceUri" | "dimensions"> {
  if (metric !== "RequestLatency") return { metricResourceUri: deploymentId };
  const [endpointId, , deployment] = partsOf(deploymentId);
  return {
    metricResourceUri: endpointId,
    dimensions: [{ DimensionName: "deployment", Operator: "Equals", Values: [deployment] }],
  };
}

function weekly(
  { days, timeZone = "UTC" }: ScaleSchedule,
  time: string,
): NonNullable<AutoscaleProfile["recurrence"]> {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return {
    frequency: "Week",
    schedule: { timeZone, days: [...days], hours: [hours], minutes: [minutes] },
  };
}

/** ARM id of the endpoint that the deployment is behind. */
export function endpointOf(deploymentId: string): string {
  return partsOf(deploymentId)[0];
}

/** ARM id of the endpoint, its name, the deployment's name. */
function partsOf(deploymentId: string): [string, string, string] {
  const [, endpointId = "", endpoint = "", deployment = ""] =
    /^(.*\/onlineEndpoints\/([^/]+))\/deployments\/([^/]+)$/i.exec(deploymentId) ?? [];
  return [endpointId, endpoint, deployment];
}
