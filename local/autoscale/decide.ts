import type { Profile, Recurrence, Rule } from "./profile";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/**
 * The profile that holds: the recurring one that began last, for each holds until the next begins; else the one without a recurrence.
 *
 * @param now milliseconds since 1970
 */
export function profileAt(profiles: readonly Profile[], now: number): Profile | undefined {
  const recurring = profiles
    .flatMap((profile) => {
      const begun = profile.recurrence === undefined ? undefined : lastStart(profile.recurrence, now);
      return begun === undefined ? [] : [{ profile, begun }];
    })
    .sort((one, other) => other.begun - one.begun);
  return recurring[0]?.profile ?? profiles.find(({ recurrence }) => recurrence === undefined);
}

/** When it began last, milliseconds since 1970. */
function lastStart({ days, hour, minute }: Recurrence, now: number): number | undefined {
  const today = Math.floor(now / DAY) * DAY;
  for (let back = 0; back <= 7; back += 1) {
    const start = today - back * DAY + hour * 60 * MINUTE + minute * MINUTE;
    if (start <= now && days.includes(DAYS[new Date(start).getUTCDay()] ?? "")) return start;
  }
  return undefined;
}

/** A rule with what was measured over its window; undefined where there is no figure. */
export interface MeasuredRule {
  readonly rule: Rule;
  readonly value: number | undefined;
}

export interface Scale {
  readonly now: number;
  /** Instances. */
  readonly current: number;
  /** When autoscale changed their number, milliseconds since 1970. */
  readonly scaled: number | undefined;
}

/**
 * How many instances there should be, by the rules of Azure Monitor's docs: out if any rule says so, by the one that asks for most; in only
 * if all of them do and none that scales out would then undo it; nothing during the cooldown of what would act. The range holds at once; without figures the
 * default is the least there may be.
 */
export function wantedInstances(profile: Profile, measured: readonly MeasuredRule[], scale: Scale): number {
  const { least, most, usual } = profile;
  const within = (count: number): number => Math.min(most, Math.max(least, count));
  const { now, current, scaled } = scale;
  if (within(current) !== current) return within(current);
  if (measured.length > 0 && measured.every(({ value }) => value === undefined))
    return Math.max(current, usual);
  const rested = ({ rule }: MeasuredRule): boolean => scaled === undefined || now - scaled >= rule.cooldown;

  const out = measured.filter(({ rule }) => rule.change > 0);
  const firing = out.filter(({ rule, value }) => holds(rule, value));
  if (firing.length > 0) {
    const ready = firing.filter(rested);
    return ready.length === 0 ? current : within(current + Math.max(...ready.map(({ rule }) => rule.change)));
  }

  const back = measured.filter(({ rule }) => rule.change < 0);
  if (back.length === 0 || !back.every((each) => holds(each.rule, each.value) && rested(each)))
    return current;
  const fewer = within(current + Math.max(...back.map(({ rule }) => rule.change)));
  // What is left of the machines has all of the load.
  const undone = out.some(({ rule, value }) =>
    holds(rule, value === undefined ? undefined : (value * current) / fewer),
  );
  return undone ? current : fewer;
}

function holds({ operator, threshold }: Rule, value: number | undefined): boolean {
  if (value === undefined) return false;
  switch (operator) {
    case "GreaterThan":
      return value > threshold;
    case "GreaterThanOrEqual":
      return value >= threshold;
    case "LessThan":
      return value < threshold;
    case "LessThanOrEqual":
      return value <= threshold;
    case "Equals":
      return value === threshold;
    default:
      return value !== threshold;
  }
}
