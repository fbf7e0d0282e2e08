import type * as pulumi from "@pulumi/pulumi";
import { SCALE_METRICS, type ScaleMetric } from "../providers/autoscale/body";
import {
  armId,
  integer,
  listOf,
  objectOf,
  oneOf,
  optional,
  recordOf,
  rule,
  tags,
  text,
  type Rules,
} from "../providers/rules";
import type { Tags } from "./tags";
import { location } from "./workspace-args";

export interface AutoscaleArgs extends InstancesScale {
  /** ARM id of the online deployment that scales: `OnlineDeployment`'s `id`. It can have one autoscale. */
  readonly deploymentId: pulumi.Input<string>;
  /** The workspace's region. */
  readonly location: pulumi.Input<string>;
  /** Of the autoscale setting. */
  readonly tags?: Tags;
}

/** How many machines there are, and when that changes. */
export interface InstancesScale {
  /** How many machines there are at least and at most. */
  readonly instances: Instances;
  /**
   * When machines are added or taken away, up to 10. They are added when any rule asks for it, taken away when all rules that take away agree and
   * none would add them again. None by default: the number is in the range and changes by `schedules` alone.
   */
  readonly rules?: readonly InstancesRule[];
  /** Other ranges at other times of the week, by name, up to 9. None by default. */
  readonly schedules?: Readonly<Record<string, InstancesSchedule>>;
}

/** A range of machines, each paid for while it is there. */
export interface Instances {
  /** 1 to 50. Two stay available while Azure exchanges one. */
  readonly least: pulumi.Input<number>;
  /** `least` to 50. What all deployments together may cost. */
  readonly most: pulumi.Input<number>;
  /** At least so many while metrics can't be read. `least` by default. */
  readonly default?: pulumi.Input<number>;
}

/** A metric that is `above` or `below` a threshold, and by how many machines that changes their number. */
export interface InstancesRule {
  /**
   * Azure Monitor's name: `CpuUtilizationPercentage`, `CpuMemoryUtilizationPercentage`, `GpuUtilizationPercentage` or `GpuMemoryUtilizationPercentage`, each in percent;
   * `RequestLatency` (the mean), `RequestLatency_P50`, `_P90`, `_P95` or `_P99`, in milliseconds. Without requests there is no latency, so that rules on it alone never take a machine away.
   */
  readonly metric: pulumi.Input<ScaleMetric>;
  /** The mean over the window above which machines are added. */
  readonly above?: pulumi.Input<number>;
  /** The mean over the window below which machines are taken away. */
  readonly below?: pulumi.Input<number>;
  /** Machines: positive with `above`, negative with `below`. */
  readonly change: pulumi.Input<number>;
  /** Minutes whose mean counts: 5 to 720. 5 by default. */
  readonly windowMinutes?: pulumi.Input<number>;
  /** Minutes after a change in which this rule makes no other: 1 to 10080. 5 by default. */
  readonly cooldownMinutes?: pulumi.Input<number>;
}

/** A part of each week. */
export interface InstancesSchedule {
  /** Days of the week, as `Saturday`. */
  readonly days: pulumi.Input<pulumi.Input<string>[]>;
  /** `HH:MM` at which it begins on each of the days. `00:00` by default. */
  readonly from?: pulumi.Input<string>;
  /** `HH:MM` at which it ends on each of them, later than `from`. `23:59` by default. */
  readonly until?: pulumi.Input<string>;
  /** Name of a Windows time zone, as `W. Europe Standard Time`. `UTC` by default. */
  readonly timeZone?: pulumi.Input<string>;
  /** How many machines there are in that time. */
  readonly instances: Instances;
  /** Rules in that time. Those of the autoscale by default. */
  readonly rules?: readonly InstancesRule[];
}

const MOST_INSTANCES = "Manage quotas: 50 instances per deployment";
/** Where Azure says what a rule goes by. */
export const TRIGGER = "models 2021-05-01-preview, MetricTrigger";
const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

const instances = objectOf<Instances>({
  least: integer(1, 50, MOST_INSTANCES),
  most: integer(1, 50, MOST_INSTANCES),
  default: optional(integer(1, 50, MOST_INSTANCES)),
});
const threshold = rule(
  (value) => typeof value === "number" && Number.isFinite(value) && value >= 0,
  "a number, 0 or more",
);
const rules = listOf(
  objectOf<InstancesRule>({
    metric: oneOf(...SCALE_METRICS),
    above: optional(threshold),
    below: optional(threshold),
    change: rule(
      (value) => Number.isInteger(value) && value !== 0 && Math.abs(Number(value)) <= 49,
      "a whole number from -49 to 49, not 0",
      MOST_INSTANCES,
    ),
    windowMinutes: optional(integer(5, 720, `${TRIGGER}: timeWindow`)),
    cooldownMinutes: optional(integer(1, 10_080, "models 2021-05-01-preview, ScaleAction: cooldown")),
  }),
  { most: 10, source: "models 2021-05-01-preview, AutoscaleProfile: rules" },
);
const time = text("a time of the day, HH:MM", /^([01]\d|2[0-3]):[0-5]\d$/);

export const instancesScaleRules: Rules<InstancesScale> = {
  instances,
  rules: optional(rules),
  schedules: optional(
    recordOf(
      objectOf<InstancesSchedule>({
        days: listOf(oneOf(...DAYS), { least: 1 }),
        from: optional(time),
        until: optional(time),
        timeZone: optional(text("the name of a Windows time zone")),
        instances,
        rules: optional(rules),
      }),
    ),
  ),
};

export const autoscaleRules: Rules<AutoscaleArgs> = {
  ...instancesScaleRules,
  deploymentId: armId("Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments"),
  location,
  tags: optional(tags),
};
