import type * as pulumi from "@pulumi/pulumi";
import {
  integer,
  listOf,
  objectOf,
  oneOf,
  optional,
  rule,
  text,
  type Problem,
  type Rules,
} from "../providers/rules";
import type { Constraint, Known } from "./args";
import { isCron } from "./cron";

/** When something happens again and again: by `cron` or by `recurrence`. */
export interface Trigger {
  /** Minute, hour, day of month, month, day of week (0 is Sunday): `0 18 * * 1-5`. */
  readonly cron?: pulumi.Input<string>;
  /** When, in words rather than as `cron`. */
  readonly recurrence?: Recurrence;
  /** Name of a Windows time zone, as `W. Europe Standard Time`. `UTC` by default. */
  readonly timeZone?: pulumi.Input<string>;
  /** From when on, in that time zone: `2026-01-31T18:00:00`. At once by default. */
  readonly startTime?: pulumi.Input<string>;
}

/** Each so many hours, days, weeks or months. */
export interface Recurrence {
  /** What `interval` counts: `Minute`, `Hour`, `Day`, `Week` or `Month`. */
  readonly frequency: pulumi.Input<string>;
  /** Of `frequency`: up to 72 000 minutes, 12 000 hours, 500 days, 71 weeks or 16 months. 1 by default. */
  readonly interval?: pulumi.Input<number>;
  /** Hours of the day: 0 to 23. */
  readonly hours: pulumi.Input<pulumi.Input<number>[]>;
  /** Minutes of the hour: 0 to 59. */
  readonly minutes: pulumi.Input<pulumi.Input<number>[]>;
  /** With `Week`: days of the week, as `Monday`. */
  readonly weekDays?: pulumi.Input<pulumi.Input<string>[]>;
  /** With `Month`: days of the month, 1 to 31. */
  readonly monthDays?: pulumi.Input<pulumi.Input<number>[]>;
}

const RECURRENCES = "Azure Logic Apps docs, Recurrence trigger";

const recurrence = objectOf<Recurrence>({
  frequency: oneOf("Minute", "Hour", "Day", "Week", "Month"),
  interval: optional(integer(1, 72_000)),
  hours: listOf(integer(0, 23, RECURRENCES), { least: 1 }),
  minutes: listOf(integer(0, 59, RECURRENCES), { least: 1 }),
  weekDays: optional(
    listOf(oneOf("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), { least: 1 }),
  ),
  monthDays: optional(listOf(integer(1, 31, RECURRENCES), { least: 1 })),
});

/** A time without zone. */
export const localTime = text(
  "a time without zone, as 2026-01-31T18:00:00",
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/,
  "models 2025-12-01, Cron.startTime",
);

export const triggerRules: Rules<Trigger> = {
  cron: optional(
    rule(
      (value) => typeof value === "string" && isCron(value),
      "minute, hour, day of month, month and day of week, each *, a number, a range or a list of them, as 0 18 * * 1-5",
      "docs:how-to-create-compute-instance, docs:how-to-schedule-pipeline-job: cron",
    ),
  ),
  recurrence: optional(recurrence),
  timeZone: optional(
    text(
      "the name of a Windows time zone, for instance W. Europe Standard Time",
      /^(UTC([+-]\d\d)?|[A-Z][A-Za-z. -]* Standard Time( \d| \(Mexico\))?)$/,
      "models 2025-12-01, Cron.timeZone",
    ),
  ),
  startTime: optional(localTime),
};

/** How many of a frequency may lie between two times. */
const INTERVALS: Readonly<Record<string, number>> = {
  Minute: 72_000,
  Hour: 12_000,
  Day: 500,
  Week: 71,
  Month: 16,
};

/** A trigger, and where it stands in the args. */
export interface PlacedTrigger {
  readonly trigger: Known<Trigger>;
  /** Empty where the args are the trigger. */
  readonly path: string;
}

/** @param prefix of the rules' ids */
export function triggerConstraints<Args>(
  prefix: string,
  triggersOf: (args: Known<Args>) => readonly PlacedTrigger[],
): readonly Constraint<Args>[] {
  const recurrences =
    (problemsOf: (recurrence: Known<Recurrence>, path: string) => Problem[]) => (args: Known<Args>) =>
      triggersOf(args).flatMap(({ trigger: { recurrence: given }, path }) =>
        given === undefined ? [] : problemsOf(given, inside(path, "recurrence")),
      );
  return [
    {
      id: `${prefix}-trigger`,
      source:
        "models 2025-12-01, TriggerBase, ComputeStartStopSchedule: cron or recurrence, as triggerType says",
      problems: (args) =>
        triggersOf(args).flatMap(({ trigger: { cron, recurrence: other }, path }) =>
          (cron === undefined) === (other === undefined)
            ? [
                {
                  path: path === "" ? "cron" : path,
                  value: { cron, recurrence: other },
                  reason: "it must have either cron or recurrence",
                },
              ]
            : [],
        ),
    },
    {
      id: `${prefix}-interval`,
      source: `${RECURRENCES}: interval`,
      problems: recurrences(({ frequency, interval }, path) => {
        const most = typeof frequency === "string" ? (INTERVALS[frequency] ?? 0) : Infinity;
        return typeof interval === "number" && interval > most
          ? [
              {
                path: `${path}.interval`,
                value: interval,
                reason: `with this frequency it must be at most ${most}`,
              },
            ]
          : [];
      }),
    },
    {
      id: `${prefix}-week-days`,
      source: `${RECURRENCES}: weekDays only with frequency Week`,
      problems: recurrences(({ frequency, weekDays }, path) =>
        unless("Week", frequency, `${path}.weekDays`, weekDays),
      ),
    },
    {
      id: `${prefix}-month-days`,
      source: `${RECURRENCES}: monthDays only with frequency Month`,
      problems: recurrences(({ frequency, monthDays }, path) =>
        unless("Month", frequency, `${path}.monthDays`, monthDays),
      ),
    },
  ];
}

function unless(wanted: string, frequency: unknown, path: string, value: unknown): Problem[] {
  return value !== undefined && typeof frequency === "string" && frequency !== wanted
    ? [{ path, value, reason: `it must be left out unless frequency is ${wanted}` }]
    : [];
}

function inside(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
