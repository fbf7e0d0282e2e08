import type { Problem } from "../providers/rules";
import { isKnown, type Constraint, type Known } from "./args";
import { TRIGGER, type InstancesRule, type InstancesScale } from "./autoscale-args";

const PROFILES = "Azure Monitor docs, Autoscale with multiple profiles";
const MOST_SCHEDULES = 9;

/** Each range and each list of rules with where it is. */
function parts({ instances: usual, rules: always, schedules }: Known<InstancesScale>) {
  return [
    { at: "", instances: usual, rules: always },
    ...Object.entries(isKnown(schedules) ? (schedules ?? {}) : {}).map(([name, schedule]) => ({
      at: `schedules.${name}.`,
      instances: schedule.instances,
      rules: schedule.rules,
    })),
  ];
}

export const autoscaleConstraints: readonly Constraint<InstancesScale>[] = [
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
  args: Known<InstancesScale>,
  problems: (path: string, rule: Known<InstancesRule>) => readonly Problem[],
): readonly Problem[] {
  return parts(args).flatMap(({ at, rules: list }) =>
    isKnown(list) && list !== undefined
      ? list.flatMap((each, index) => (isKnown(each) ? problems(`${at}rules.${index}`, each) : []))
      : [],
  );
}

/** The schedules whose times are known. */
function spans({ schedules }: Known<InstancesScale>) {
  return Object.entries(isKnown(schedules) ? (schedules ?? {}) : {}).flatMap(([name, schedule]) => {
    const { days, from = "00:00", until = "23:59", timeZone = "UTC" } = schedule;
    if (!isKnown(days) || !isKnown(from) || !isKnown(until) || !isKnown(timeZone)) return [];
    return [{ name, days, from, until, timeZone }];
  });
}
