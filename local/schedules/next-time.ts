import { Cron, CronDate } from "croner";
import { findIana } from "windows-iana";
import { numberAt, objectAt, stringAt } from "../arm/objects";
import type { Json, JsonObject } from "../json";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const WEEK_DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/** Why a trigger has no times that the local Azure can tell; undefined where it has. */
export function unreadable(trigger: JsonObject): string | undefined {
  const zone = stringAt(trigger, "timeZone") ?? "";
  if (zoneOf(trigger) === undefined) return `'${zone}' is the name of no Windows time zone`;
  if (trigger["triggerType"] !== "Cron") return undefined;
  const expression = stringAt(trigger, "expression") ?? "";
  return isCron(expression) ? undefined : `'${expression}' is no cron expression of five fields`;
}

/** Whether it is minute, hour, day of month, month and day of week. */
export function isCron(expression: string): boolean {
  try {
    cronOf(expression, "UTC");
    return true;
  } catch {
    return false;
  }
}

/**
 * The next time of a trigger, to the minute.
 *
 * @param since when it was declared, from where intervals count without a startTime; milliseconds since 1970, as all times here
 * @param after the time to be later than
 * @returns undefined where there is none
 */
export function nextTime(trigger: JsonObject, since: number, after: number): number | undefined {
  const zone = zoneOf(trigger) ?? "UTC";
  const start = timeAt(trigger, "startTime", zone);
  const end = timeAt(trigger, "endTime", zone) ?? Infinity;
  const frequency = stringAt(trigger, "frequency");
  const found =
    frequency === "Minute" || frequency === "Hour"
      ? steady(trigger, start ?? since, after)
      : counted(trigger, zone, start ?? since, Math.max(after, (start ?? 0) - 1000));
  return found !== undefined && found <= end ? found : undefined;
}

/** Each so many minutes or hours, which no times of the day go with. */
function steady(trigger: JsonObject, start: number, after: number): number {
  const step = (trigger["frequency"] === "Hour" ? 60 : 1) * interval(trigger) * MINUTE;
  return start + Math.max(0, Math.ceil((after + 1 - start) / step)) * step;
}

/** The first time that cron tells in a day, week or month that the interval names. */
function counted(trigger: JsonObject, zone: string, start: number, after: number): number | undefined {
  const cron = cronOf(expressionOf(trigger), zone);
  const begun = new CronDate(new Date(start), zone);
  let time = cron.nextRun(new Date(after));
  while (time !== null && !isCounted(trigger, begun, new CronDate(time, zone))) time = cron.nextRun(time);
  return time?.getTime();
}

/** Both the day of the month and that of the week must fit, as NCrontab, which Azure ML names, has it. */
function cronOf(expression: string, timezone: string): Cron {
  return new Cron(expression, {
    timezone,
    mode: "5-part",
    domAndDow: true,
    sloppyRanges: true,
    paused: true,
  });
}

/** A recurrence's times as cron: its interval is left. */
function expressionOf(trigger: JsonObject): string {
  if (trigger["triggerType"] === "Cron") return stringAt(trigger, "expression") ?? "";
  const { hours, minutes, weekDays, monthDays } = objectAt(trigger, "schedule");
  const days = itemsOf(weekDays)?.map((name) => WEEK_DAYS.indexOf(String(name).toLowerCase()));
  return [itemsOf(minutes) ?? [0], itemsOf(hours) ?? [0], itemsOf(monthDays) ?? ["*"], ["*"], days ?? ["*"]]
    .map((field) => field.join(","))
    .join(" ");
}

/** Whether the day, week or month is one that the interval names, counted from the first. */
function isCounted(trigger: JsonObject, begun: CronDate, time: CronDate): boolean {
  const [first, day] = [begun, time].map((date) => Date.UTC(date.year, date.month, date.day) / DAY) as [
    number,
    number,
  ];
  const passed = {
    Day: day - first,
    Week: Math.floor((day - first + new Date(first * DAY).getUTCDay()) / 7),
    Month: 12 * (time.year - begun.year) + time.month - begun.month,
  };
  const frequency = stringAt(trigger, "frequency");
  return frequency === undefined || passed[frequency as keyof typeof passed] % interval(trigger) === 0;
}

const interval = (trigger: JsonObject): number => Math.max(1, numberAt(trigger, "interval") ?? 1);

/** The IANA name of the trigger's Windows time zone; undefined where there is none of that name. */
function zoneOf(trigger: JsonObject): string | undefined {
  const name = stringAt(trigger, "timeZone") || "UTC";
  return /^(etc\/)?utc$/i.test(name) ? "UTC" : findIana(name)[0];
}

function timeAt(trigger: JsonObject, key: string, zone: string): number | undefined {
  const text = stringAt(trigger, key);
  return text === undefined ? undefined : new CronDate(text, zone).getTime();
}

function itemsOf(list: Json | undefined): readonly Json[] | undefined {
  return Array.isArray(list) && list.length > 0 ? list : undefined;
}
