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
  type Problem,
  type Rules,
} from "../providers/rules";
import { isKnown, type Constraint, type Known } from "./args";
import type { Tags } from "./tags";
import { location } from "./workspace-args";

export interface AutoscaleArgs {
  /** ARM id of the online deployment that scales: `OnlineDeployment`'s `id`. It can have one autoscale. */
  readonly deploymentId: pulumi.Input<string>;
  /** The workspace's region. */
  readonly location: pulumi.Input<string>;
  /** How many machines there are at least and at most. */
  readonly instances: Instances;
  /**
   * When machines are added or taken away, up to 10. They are added when any rule asks for it, taken away when all rules that take away agree and
   * none would add them again. None by default: the number is in the range and changes by `schedules` alone.
   */
  readonly rules?: readonly InstancesRule[];
  /** Other ranges at other times of the week, by name, up to 9. None by default. */
  readonly schedules?: Readonly<Record<string, InstancesSchedule>>;
  /** Of the autoscale setting. */
  readonly tags?: Tags;
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
const TRIGGER = "models 2021-05-01-preview, MetricTrigger";
const PROFILES = "Azure Monitor docs, Autoscale with multiple profiles";
const MOST_SCHEDULES = 9;
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

export const autoscaleRules: Rules<AutoscaleArgs> = {
  deploymentId: armId("Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments"),
  location,
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
  tags: optional(tags),
};

/** Each range and each list of rules with where it is. */
function parts({ instances: usual, rules: always, schedules }: Known<AutoscaleArgs>) {
  return [
    { at: "", instances: usual, rules: always },
    ...Object.entries(isKnown(schedules) ? (schedules ?? {}) : {}).map(([name, schedule]) => ({
      at: `schedules.${name}.`,
      instances: schedule.instances,
      rules: schedule.rules,
    })),
  ];
}

export const autoscaleConstraints: readonly Constraint<AutoscaleArgs>[] = [
  {
    id: "autoscale-instances-out-of-order",
    source: "models 2021-05-01-preview, ScaleCapacity: minimum, default and maximum",
    problems: (args) =>
      parts(args).flatMap(({ at, instances: range }): Problem[] => {
        if (!isKnown(range)) return [];
        const { least, most, default: usual = least } = range;
        const ordered = (one: unknown, other: unknown): boolean =>
          typeof one !== "number" || typeof other !== "number" || one <= other;
        const path = `${at}instances`;
        if (!ordered(least, most))
          return [{ path: `${path}.least`, value: least, reason: `it must be at most ${path}.most` }];
        if (ordered(least, usual) && ordered(usual, most)) return [];
        return [
          { path: `${path}.default`, value: usual, reason: `it must be from ${path}.least to ${path}.most` },
        ];
      }),
  },
  {
    id: "autoscale-rule-without-one-threshold",
    source: `${TRIGGER}: operator and threshold`,
    problems: (args) =>
      eachRule(args, (path, { above, below }) =>
        (above === undefined) === (below === undefined)
          ? [{ path, value: undefined, reason: "it must have either above or below" }]
          : [],
      ),
  },
  {
    id: "autoscale-rule-in-the-wrong-direction",
    source: "Azure Monitor docs, Best practices for autoscale: a scale-in rule takes instances away",
    problems: (args) =>
      eachRule(args, (path, { above, below, change }) => {
        if (typeof change !== "number" || (above === undefined) === (below === undefined)) return [];
        if (above !== undefined ? change > 0 : change < 0) return [];
        const sign = above !== undefined ? "positive with above" : "negative with below";
        return [{ path: `${path}.change`, value: change, reason: `it must be ${sign}` }];
      }),
  },
  {
    id: "autoscale-thresholds-that-flap",
    source:
      "Azure Monitor docs, Best practices for autoscale: an adequate margin between scale-out and scale-in thresholds",
    problems: (args) =>
      parts(args).flatMap(({ at, rules: list }) => {
        if (!isKnown(list) || list === undefined) return [];
        return list.flatMap((back, index) => {
          if (!isKnown(back) || typeof back.below !== "number") return [];
          const { metric, below } = back;
          const flaps = list.some(
            (out) =>
              isKnown(out) && out.metric === metric && typeof out.above === "number" && out.above <= below,
          );
          if (!flaps) return [];
          const reason = "it must be less than above of the rules on the same metric";
          return [{ path: `${at}rules.${index}.below`, value: below, reason }];
        });
      }),
  },
  {
    id: "autoscale-rule-that-only-grows",
    source: "Azure Monitor docs, Best practices for autoscale: a scale-out and a scale-in rule together",
    problems: (args) =>
      parts(args).flatMap(({ at, rules: list }) => {
        if (!isKnown(list) || list === undefined || list.length === 0) return [];
        const signs = list.map((each) =>
          isKnown(each) && typeof each.change === "number" ? Math.sign(each.change) : 0,
        );
        if (signs.includes(0) || (signs.includes(1) && signs.includes(-1))) return [];
        return [
          {
            path: `${at}rules`,
            value: undefined,
            reason: "there must be one that adds and one that takes away",
          },
        ];
      }),
  },
  {
    id: "autoscale-too-many-schedules",
    source: "models 2021-05-01-preview, AutoscaleSetting: a maximum of 20 profiles, two for each schedule",
    problems: ({ schedules }) => {
      const count = Object.keys(isKnown(schedules) ? (schedules ?? {}) : {}).length;
      if (count <= MOST_SCHEDULES) return [];
      return [{ path: "schedules", value: undefined, reason: `there must be at most ${MOST_SCHEDULES}` }];
    },
  },
  {
    id: "autoscale-schedule-ends-before-it-begins",
    source: `${PROFILES}: a recurring profile's start and end time`,
    problems: (args) =>
      spans(args).flatMap(({ name, from, until }) =>
        from < until
          ? []
          : [{ path: `schedules.${name}.until`, value: until, reason: "it must be later than from" }],
      ),
  },
  {
    id: "autoscale-overlapping-schedules",
    source: `${PROFILES}: only the first applicable profile is used`,
    problems: (args) => {
      const all = spans(args);
      return all.flatMap((one, index) => {
        const other = all
          .slice(0, index)
          .find(
            (each) =>
              each.timeZone === one.timeZone &&
              each.days.some((day) => one.days.includes(day)) &&
              each.from < one.until &&
              one.from < each.until,
          );
        if (other === undefined) return [];
        return [
          {
            path: `schedules.${one.name}`,
            value: undefined,
            reason: `it must not overlap schedules.${other.name}`,
          },
        ];
      });
    },
  },
];

function eachRule(
  args: Known<AutoscaleArgs>,
  problems: (path: string, rule: Known<InstancesRule>) => readonly Problem[],
): readonly Problem[] {
  return parts(args).flatMap(({ at, rules: list }) =>
    isKnown(list) && list !== undefined
      ? list.flatMap((each, index) => (isKnown(each) ? problems(`${at}rules.${index}`, each) : []))
      : [],
  );
}

/** The schedules whose times are known. */
function spans({ schedules }: Known<AutoscaleArgs>) {
  return Object.entries(isKnown(schedules) ? (schedules ?? {}) : {}).flatMap(([name, schedule]) => {
    const { days, from = "00:00", until = "23:59", timeZone = "UTC" } = schedule;
    if (!isKnown(days) || !isKnown(from) || !isKnown(until) || !isKnown(timeZone)) return [];
    return [{ name, days, from, until, timeZone }];
  });
}
