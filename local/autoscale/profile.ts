import type { JsonObject } from "../json";
import { milliseconds } from "../arm/types/machinelearning/deployment-spec";

/** A profile of an autoscale setting, as far as it is acted on. */
export interface Profile {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly usual: number;
  readonly rules: readonly Rule[];
  readonly recurrence: Recurrence | undefined;
}

export interface Rule {
  /** ARM id of what has the metric. */
  readonly resource: string;
  readonly metric: string;
  /** Values by dimension. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly window: number;
  readonly operator: string;
  readonly threshold: number;
  /** Instances, negative where they are taken away. */
  readonly change: number;
  /** Milliseconds. */
  readonly cooldown: number;
}

/** When a profile begins, each week; in UTC. */
export interface Recurrence {
  readonly days: readonly string[];
  readonly hour: number;
  readonly minute: number;
}

/** The profiles that a setting's body has. */
export function profilesOf(setting: JsonObject): Profile[] {
  const { profiles = [] } = setting["properties"] as { profiles?: WireProfile[] };
  return profiles.map(({ name, capacity, rules = [], recurrence }) => ({
    name,
    least: Number(capacity.minimum),
    most: Number(capacity.maximum),
    usual: Number(capacity.default),
    rules: rules.map(ruleOf),
    recurrence: recurrence && {
      days: recurrence.schedule.days,
      hour: recurrence.schedule.hours[0] ?? 0,
      minute: recurrence.schedule.minutes[0] ?? 0,
    },
  }));
}

function ruleOf({ metricTrigger: trigger, scaleAction: action }: WireRule): Rule {
  return {
    resource: trigger.metricResourceUri,
    metric: trigger.metricName,
    dimensions: Object.fromEntries(
      (trigger.dimensions ?? []).map(({ DimensionName, Values }) => [DimensionName, Values[0] ?? ""]),
    ),
    window: milliseconds(trigger.timeWindow) ?? 0,
    operator: trigger.operator,
    threshold: trigger.threshold,
    change: (action.direction === "Increase" ? 1 : -1) * Number(action.value ?? 1),
    cooldown: milliseconds(action.cooldown) ?? 0,
  };
}

interface WireProfile {
  readonly name: string;
  readonly capacity: Readonly<Record<"minimum" | "maximum" | "default", string | number>>;
  readonly rules?: readonly WireRule[];
  readonly recurrence?: {
    readonly schedule: {
      readonly days: readonly string[];
      readonly hours: readonly number[];
      readonly minutes: readonly number[];
    };
  };
}

interface WireRule {
  readonly metricTrigger: {
    readonly metricResourceUri: string;
    readonly metricName: string;
    readonly timeWindow: string;
    readonly operator: string;
    readonly threshold: number;
    readonly dimensions?: readonly { readonly DimensionName: string; readonly Values: readonly string[] }[];
  };
  readonly scaleAction: { readonly direction: string; readonly value?: string; readonly cooldown: string };
}
