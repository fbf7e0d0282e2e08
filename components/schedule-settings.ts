import type * as types from "@pulumi/azure-native/types";
import type * as pulumi from "@pulumi/pulumi";
import { flag, optional, tags, text, type Rules } from "../providers/rules";
import type { Constraint } from "./args";
import type { Tags } from "./tags";
import { localTime, triggerConstraints, triggerRules, type Trigger } from "./trigger";

/** What a schedule has, whatever it does each time. */
export interface ScheduleSettings extends Trigger {
  /** Azure's name: 1 to 255 letters, digits, dashes and underscores, a letter or digit first. Made of the component's name by default. */
  readonly scheduleName?: pulumi.Input<string>;
  /** Until when, in the time zone: `2026-12-31T18:00:00`, later than `startTime`. Without end by default. */
  readonly endTime?: pulumi.Input<string>;
  /** Whether it is on. True by default. */
  readonly enabled?: pulumi.Input<boolean>;
  /** Shown in the studio. */
  readonly description?: pulumi.Input<string>;
  /** Of the schedule. */
  readonly tags?: Tags;
}

export const scheduleSettingsRules: Rules<ScheduleSettings> = {
  scheduleName: optional(
    text(
      "1 to 255 letters, digits, dashes and underscores, a letter or digit first",
      /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}$/,
      "REST API 2025-12-01, Schedules: pattern of name",
    ),
  ),
  ...triggerRules,
  endTime: optional(localTime),
  enabled: optional(flag()),
  description: optional(text("text", /^/)),
  tags: optional(tags),
};

/** @param prefix of the rules' ids */
export function scheduleSettingsConstraints(prefix: string): readonly Constraint<ScheduleSettings>[] {
  return [
    ...triggerConstraints<ScheduleSettings>(prefix, ({ cron, recurrence, timeZone, startTime }) => [
      { trigger: { cron, recurrence, timeZone, startTime }, path: "" },
    ]),
    {
      id: `${prefix}-ends-before-start`,
      source: "models 2025-12-01, TriggerBase: startTime, endTime",
      problems: ({ startTime, endTime }) =>
        typeof startTime === "string" && typeof endTime === "string" && endTime <= startTime
          ? [{ path: "endTime", value: endTime, reason: "it must be later than startTime" }]
          : [],
    },
  ];
}

type Properties = types.input.machinelearningservices.SchedulePropertiesArgs;

/** A schedule's properties in ARM, but for what it does. */
export function scheduleProperties(args: ScheduleSettings): Omit<Properties, "action"> {
  return {
    trigger: triggerOf(args),
    isEnabled: args.enabled ?? true,
    description: args.description,
    tags: args.tags,
  };
}

function triggerOf(args: ScheduleSettings): Properties["trigger"] {
  const { cron, recurrence, timeZone = "UTC", startTime, endTime } = args;
  const common = { timeZone, startTime, endTime };
  if (recurrence === undefined) return { ...common, triggerType: "Cron", expression: cron ?? "" };
  const { frequency, interval = 1, ...times } = recurrence;
  return { ...common, triggerType: "Recurrence", frequency, interval, schedule: times };
}
