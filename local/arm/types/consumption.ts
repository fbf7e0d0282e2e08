import { randomUUID } from "node:crypto";
import type { Json, JsonObject } from "../../json";
import { ArmError } from "../errors";
import { isObject, numberAt, objectAt, pick, stringAt } from "../objects";
import { parseArmPath } from "../path";
import type { Arm, Made, PutRequest, ResourceType } from "../resource-type";
import { checkActionGroup } from "./alerts";
import { nameRule } from "./envelope";

const FIRST_START = Date.UTC(2017, 5);
const MOST_NOTIFICATIONS = 5;

function makeBudget({ arm, body, existing, id, name }: PutRequest): Made {
  const eTag = stringAt(body, "eTag");
  if (eTag !== undefined && existing !== undefined && eTag !== existing.body["eTag"])
    throw refused(
      `There are changes made to Budget ${name}. Please get the latest budget to avoid overwrite.`,
    );
  const wanted = objectAt(body, "properties");
  if ((numberAt(wanted, "amount") ?? 0) <= 0) throw refused("Budget amount must be greater than zero.");
  const before = objectAt(existing?.body ?? {}, "properties");
  const notifications = objectAt(wanted, "notifications");
  if (Object.keys(notifications).length > MOST_NOTIFICATIONS)
    throw refused(`A budget can have up to ${MOST_NOTIFICATIONS} notifications.`);
  for (const [key, notification] of Object.entries(notifications))
    checkNotification(arm, id, key, isObject(notification) ? notification : {});
  return {
    body: {
      eTag: `"${randomUUID()}"`,
      properties: {
        ...pick(wanted, ["category", "amount", "timeGrain", "filter"]),
        timePeriod: timePeriodOf(
          objectAt(wanted, "timePeriod"),
          existing === undefined ? undefined : objectAt(before, "timePeriod"),
          arm.now(),
        ),
        notifications,
        currentSpend: before["currentSpend"] ?? { amount: 0, unit: "EUR" },
      },
    },
  };
}

function timePeriodOf(wanted: JsonObject, before: JsonObject | undefined, now: Date): JsonObject {
  const start = dayOf(stringAt(wanted, "startDate"));
  const month = Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
  if (before !== undefined) {
    if (start !== dayOf(stringAt(before, "startDate")))
      throw refused("Start date of budgets cannot be updated. Please delete and create a new budget.");
  } else {
    if (new Date(start).getUTCDate() !== 1) throw refused("Start date must be the first of a month.");
    if (start < FIRST_START) throw refused("Start date must be on or after June 1, 2017.");
    if (start < month) throw refused("Past start date should be selected within the timegrain period.");
    if (start > Date.UTC(now.getUTCFullYear() + 1, now.getUTCMonth(), now.getUTCDate()))
      throw refused("Future start date should not be more than twelve months.");
  }
  const end = wanted["endDate"] === undefined ? tenYearsAfter(start) : dayOf(stringAt(wanted, "endDate"));
  if (end <= start) throw refused("End date must be after the start date.");
  return { startDate: timeOf(start), endDate: timeOf(end) };
}

function tenYearsAfter(start: number): number {
  const date = new Date(start);
  return date.setUTCFullYear(date.getUTCFullYear() + 10);
}

/** Midnight of a day, in milliseconds. */
function dayOf(date = ""): number {
  const time = Date.parse(date);
  if (Number.isNaN(time)) throw refused(`'${date}' is not a date.`);
  return time - (time % 86_400_000);
}

function timeOf(day: number): string {
  return new Date(day).toISOString().replace(".000Z", "Z");
}

function checkNotification(arm: Arm, id: string, key: string, notification: JsonObject): void {
  const threshold = numberAt(notification, "threshold") ?? -1;
  if (threshold < 0 || threshold > 1000)
    throw refused(`Threshold of notification '${key}' must be from 0 to 1000.`);
  const groups = stringsOf(notification["contactGroups"]);
  const path = parseArmPath(id);
  const inSubscription = path?.subscription !== undefined && path.providers.length === 1;
  if (groups.length > 0 && !inSubscription)
    throw refused("Contact groups are only supported at subscription or resource group scopes.");
  if (stringsOf(notification["contactEmails"]).length === 0 && groups.length === 0)
    throw refused(`Notification '${key}' must have a contact email or contact group.`);
  for (const group of groups) checkActionGroup(arm, group);
}

function stringsOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}

/** As Cost Management words it: the status is the code. */
function refused(message: string): ArmError {
  return new ArmError(400, "400", message);
}

/** Microsoft.Consumption: budgets, which nothing is spent of here. */
export const consumptionTypes: readonly ResourceType[] = [
  {
    type: "Microsoft.Consumption/budgets",
    apiVersions: ["2023-05-01", "2023-11-01", "2024-08-01"],
    scope: "any",
    checkName: nameRule(
      /^[A-Za-z0-9_-]{1,63}$/,
      "400",
      (name) => `Budget name '${name}' is invalid: 1 to 63 letters, digits, hyphens and underscores.`,
    ),
    make: makeBudget,
  },
];
