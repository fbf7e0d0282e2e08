import {
  DEFAULT_PROFILE,
  endpointOf,
  type AutoscaleBody,
  type AutoscaleProfile,
  type AutoscaleSpec,
  type InstanceRange,
  type ScaleRule,
  type ScaleSchedule,
} from "./body";

/** With every default written out, so that two that say the same are the same. */
export function normalAutoscale({ instances, rules, schedules = {} }: AutoscaleSpec): AutoscaleSpec {
  return {
    instances: normalRange(instances),
    rules: rules.map(normalRule),
    schedules: Object.fromEntries(
      Object.entries(schedules).map(([name, schedule]) => [
        name,
        {
          days: schedule.days,
          from: schedule.from ?? "00:00",
          until: schedule.until ?? "23:59",
          timeZone: schedule.timeZone ?? "UTC",
          instances: normalRange(schedule.instances),
          rules: (schedule.rules ?? rules).map(normalRule),
        },
      ]),
    ),
  };
}

/** The most machines that it ever makes. */
export function mostInstances({ instances, schedules = {} }: AutoscaleSpec): number {
  return Math.max(instances.most, ...Object.values(schedules).map((schedule) => schedule.instances.most));
}

/** The same with at least so many machines at any time, as far as its ranges go. */
export function heldAt(spec: AutoscaleSpec, count: number): AutoscaleSpec {
  const held = (range: InstanceRange): InstanceRange => {
    const least = Math.max(range.least, Math.min(range.most, count));
    return { ...range, least, default: Math.max(least, range.default ?? range.least) };
  };
  return {
    ...spec,
    instances: held(spec.instances),
    schedules: Object.fromEntries(
      Object.entries(spec.schedules ?? {}).map(([name, schedule]) => [
        name,
        { ...schedule, instances: held(schedule.instances) },
      ]),
    ),
  };
}

/**
 * What `autoscaleBody` was told, in its normal form, out of what ARM shows of a setting.
 *
 * @returns undefined for a setting that says what this package can't
 */
export function autoscaleOf(
  deploymentId: string,
  { profiles }: Pick<AutoscaleBody["properties"], "profiles">,
): AutoscaleSpec | undefined {
  try {
    const usual = profiles.find(({ recurrence }) => recurrence === undefined || recurrence === null);
    const ends = new Map(profiles.flatMap((profile) => endOf(profile)));
    const begins = profiles.filter((profile) => profile !== usual && endOf(profile).length === 0);
    if (usual?.name !== DEFAULT_PROFILE || begins.length !== ends.size) return undefined;
    const spec = {
      ...rangeAndRules(deploymentId, usual),
      schedules: Object.fromEntries(
        begins.map((profile): [string, ScaleSchedule] => {
          const { name, recurrence } = profile;
          const { days, timeZone } = recurrence?.schedule ?? foreign();
          return [
            name,
            {
              days,
              from: timeOf(profile),
              until: timeOf(ends.get(name) ?? foreign()),
              timeZone,
              ...rangeAndRules(deploymentId, profile),
            },
          ];
        }),
      ),
    };
    return spec;
  } catch {
    return undefined;
  }
}

/** The schedule that ends with the profile. */
function endOf(profile: AutoscaleProfile): [string, AutoscaleProfile][] {
  if (!profile.name.startsWith("{")) return [];
  const { for: schedule } = JSON.parse(profile.name) as { for?: string };
  return [[schedule ?? foreign(), profile]];
}

function timeOf({ recurrence }: AutoscaleProfile): string {
  const { hours: [hour = 0] = [], minutes: [minute = 0] = [] } = recurrence?.schedule ?? foreign();
  return [hour, minute].map((part) => String(part).padStart(2, "0")).join(":");
}

function rangeAndRules(
  deploymentId: string,
  { capacity, rules }: AutoscaleProfile,
): { instances: InstanceRange; rules: ScaleRule[] } {
  return {
    instances: {
      least: Number(capacity.minimum),
      most: Number(capacity.maximum),
      default: Number(capacity.default),
    },
    rules: rules.map(({ metricTrigger: trigger, scaleAction: action }) => {
      const place = trigger.metricName === "RequestLatency" ? endpointOf(deploymentId) : deploymentId;
      if (trigger.metricResourceUri.toLowerCase() !== place.toLowerCase()) return foreign();
      if (!["GreaterThan", "LessThan"].includes(trigger.operator) || action.type !== "ChangeCount")
        return foreign();
      return {
        metric: trigger.metricName,
        ...(trigger.operator === "GreaterThan" ? { above: trigger.threshold } : { below: trigger.threshold }),
        change: (action.direction === "Increase" ? 1 : -1) * Number(action.value),
        windowMinutes: minutesOf(trigger.timeWindow),
        cooldownMinutes: minutesOf(action.cooldown),
      };
    }),
  };
}

/** Azure may write `PT60M` as `PT1H`, and a day as `P1D`. */
function minutesOf(duration: string): number {
  const parts = /^P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:0S)?)?$/.exec(duration) ?? foreign();
  const [days = 0, hours = 0, minutes = 0] = parts
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  return (days * 24 + hours) * 60 + minutes;
}

function normalRange({ least, most, default: usual = least }: InstanceRange): InstanceRange {
  return { least, most, default: usual };
}

function normalRule({
  metric,
  above,
  below,
  change,
  windowMinutes = 5,
  cooldownMinutes = 5,
}: ScaleRule): ScaleRule {
  return {
    metric,
    ...(above === undefined ? { below: below ?? 0 } : { above }),
    change,
    windowMinutes,
    cooldownMinutes,
  };
}

/** Something that `autoscaleBody` never says. */
function foreign(): never {
  throw new TypeError("not of this package");
}
