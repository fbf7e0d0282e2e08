import { ComputeInstance, type ComputeInstanceArgs } from "../../components";
import { computeInstanceConstraints, computeInstanceRules } from "../../components/compute-instance-args";
import { GROUP_ID, IDENTITY_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";
import type { RuleCase, RuleCases } from "../helpers/rule-cases";

const right: ComputeInstanceArgs = {
  workspaceId: WORKSPACE_ID,
  location: "westeurope",
  vmSize: "Standard_DS3_v2",
};
const subnetId = `${GROUP_ID}/providers/Microsoft.Network/virtualNetworks/vnet/subnets/dev`;
const storageAccountId = `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/stml`;

/** A schedule that the rule takes, beside one that it does not. */
function schedule(rule: string, good: object, bad: object, path: string): RuleCase<ComputeInstanceArgs> {
  const of = (one: object): ComputeInstanceArgs["schedules"] => [{ action: "Stop", ...one }];
  return { rule, right: { ...right, schedules: of(good) }, wrong: { schedules: of(bad) }, path };
}

function recurrence(rule: string, good: object, bad: object, path: string): RuleCase<ComputeInstanceArgs> {
  const of = (one: object): object => ({
    recurrence: { frequency: "Day", hours: [18], minutes: [0], ...one },
  });
  return schedule(rule, of(good), of(bad), `schedules.0.recurrence${path}`);
}

const daily = { cron: "0 18 * * *" };

export const computeInstance: RuleCases<ComputeInstanceArgs> = {
  component: "ComputeInstance",
  declare: (name, args) => new ComputeInstance(name, args),
  rules: computeInstanceRules,
  constraints: computeInstanceConstraints,
  cases: [
    {
      rule: "idleMinutes",
      right: { ...right, idleMinutes: 4320 },
      wrong: { idleMinutes: 14 },
      path: "idleMinutes",
    },
    {
      rule: "schedules",
      right: { ...right, schedules: [1, 2, 3, 4].map(() => ({ action: "Stop", ...daily })) },
      wrong: { schedules: [1, 2, 3, 4, 5].map(() => ({ action: "Stop", ...daily })) },
      path: "schedules",
    },
    schedule("schedules.*.cron", { cron: "0,30 8-18 * * 1-5" }, { cron: "*/5 * * * *" }, "schedules.0.cron"),
    schedule(
      "schedules.*.timeZone",
      { ...daily, timeZone: "Central Standard Time (Mexico)" },
      { ...daily, timeZone: "Europe/Berlin" },
      "schedules.0.timeZone",
    ),
    schedule(
      "schedules.*.startTime",
      { ...daily, startTime: "2026-01-31T18:00:00" },
      { ...daily, startTime: "2026-01-31T18:00:00Z" },
      "schedules.0.startTime",
    ),
    recurrence("schedules.*.recurrence.hours.*", { hours: [23] }, { hours: [24] }, ".hours.0"),
    recurrence("schedules.*.recurrence.minutes.*", { minutes: [59] }, { minutes: [60] }, ".minutes.0"),
    recurrence(
      "schedules.*.recurrence.monthDays.*",
      { frequency: "Month", monthDays: [31] },
      { frequency: "Month", monthDays: [32] },
      ".monthDays.0",
    ),
    {
      rule: "creationScript.path",
      right: { ...right, creationScript: { path: "Users/ada/setup.sh" } },
      wrong: { creationScript: { path: "/Users/ada/setup.py" } },
      path: "creationScript.path",
    },
    schedule("compute-instance-schedule-trigger", daily, {}, "schedules.0"),
    recurrence(
      "compute-instance-schedule-interval",
      { interval: 500 },
      { frequency: "Week", interval: 72 },
      ".interval",
    ),
    recurrence(
      "compute-instance-schedule-week-days",
      { frequency: "Week", weekDays: ["Monday"] },
      { weekDays: ["Monday"] },
      ".weekDays",
    ),
    recurrence(
      "compute-instance-schedule-month-days",
      { frequency: "Month", monthDays: [1] },
      { monthDays: [1] },
      ".monthDays",
    ),
    {
      rule: "compute-instance-script-source",
      right: { ...right, startupScript: { content: "apt-get update" } },
      wrong: { startupScript: { content: "apt-get update", path: "Users/ada/setup.sh" } },
      path: "startupScript",
    },
    {
      rule: "compute-instance-two-identities",
      right: { ...right, identity: { systemAssigned: true } },
      wrong: { identity: { systemAssigned: true, userAssignedIds: [IDENTITY_ID] } },
      path: "identity",
    },
    {
      rule: "compute-instance-roles-of-brought-identity",
      right: { ...right, identity: { systemAssigned: true }, storageAccountId },
      wrong: { identity: undefined },
      path: "storageAccountId",
    },
    {
      rule: "compute-instance-no-public-ip-without-network",
      right: { ...right, managedNetwork: true, nodePublicIp: false },
      wrong: { managedNetwork: false },
      path: "nodePublicIp",
    },
    {
      rule: "compute-instance-subnet-beside-managed-network",
      right: { ...right, subnetId },
      wrong: { managedNetwork: true },
      path: "subnetId",
    },
    {
      rule: "compute-instance-subnet-of-another-subscription",
      right: { ...right, subnetId },
      wrong: { subnetId: subnetId.replace(/^\/subscriptions\/[^/]+/, "/subscriptions/elsewhere") },
      path: "subnetId",
    },
  ],
};
