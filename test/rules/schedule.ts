import { Schedule, type ScheduleArgs } from "../../components";
import { scheduleConstraints, scheduleRules } from "../../components/schedule-args";
import { BATCH_ENDPOINT_ID, JOB_ID } from "../helpers/pulumi-mocks";
import type { RuleCase, RuleCases } from "../helpers/rule-cases";

const called: ScheduleArgs = {
  endpointId: BATCH_ENDPOINT_ID,
  input: { uri: "azureml://datastores/lake/paths/new/" },
};
const right: ScheduleArgs = { ...called, cron: "0 6 * * 1-5" };
const submitted: ScheduleArgs = { jobId: JOB_ID, cron: "0 6 * * 1" };
const weekly = { frequency: "Week", hours: [6], minutes: [30] };
const recurring: ScheduleArgs = { ...called, recurrence: weekly };

function recurrence(rule: string, bad: object, path: string): RuleCase<ScheduleArgs> {
  return { rule, right: recurring, wrong: { recurrence: { ...weekly, ...bad } }, path: `recurrence.${path}` };
}

export const schedule: RuleCases<ScheduleArgs> = {
  component: "Schedule",
  declare: (name, args) => new Schedule(name, args),
  rules: scheduleRules,
  constraints: scheduleConstraints,
  cases: [
    { rule: "schedule-action", right, wrong: { jobId: JOB_ID, input: undefined }, path: "jobId" },
    { rule: "schedule-action", right: submitted, wrong: { jobId: undefined }, path: "jobId" },
    { rule: "schedule-input", right, wrong: { input: undefined }, path: "input" },
    { rule: "schedule-job-has-its-own", right: submitted, wrong: { input: called.input }, path: "input" },
    { rule: "schedule-job-has-its-own", right: submitted, wrong: { deployment: "v2" }, path: "deployment" },
    { rule: "input.uri", right, wrong: { input: { uri: "s3://bucket/new" } }, path: "input.uri" },
    { rule: "scheduleName", right, wrong: { scheduleName: "every day" }, path: "scheduleName" },
    { rule: "cron", right, wrong: { cron: "0 24 * * *" }, path: "cron" },
    { rule: "timeZone", right, wrong: { timeZone: "Europe/Berlin" }, path: "timeZone" },
    { rule: "startTime", right, wrong: { startTime: "2026-01-31T18:00:00Z" }, path: "startTime" },
    { rule: "endTime", right, wrong: { endTime: "tomorrow" }, path: "endTime" },
    recurrence("recurrence.hours.*", { hours: [24] }, "hours.0"),
    recurrence("recurrence.minutes.*", { minutes: [60] }, "minutes.0"),
    recurrence("recurrence.monthDays.*", { frequency: "Month", monthDays: [32] }, "monthDays.0"),
    { rule: "schedule-trigger", right, wrong: { recurrence: weekly }, path: "cron" },
    recurrence("schedule-interval", { interval: 72 }, "interval"),
    recurrence("schedule-week-days", { frequency: "Day", weekDays: ["Monday"] }, "weekDays"),
    recurrence("schedule-month-days", { monthDays: [1] }, "monthDays"),
    {
      rule: "schedule-ends-before-start",
      right: { ...right, startTime: "2026-01-31T18:00:00", endTime: "2026-02-01T18:00:00" },
      wrong: { endTime: "2026-01-31T18:00:00" },
      path: "endTime",
    },
  ],
};
