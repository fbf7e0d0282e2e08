import { Schedule, type ScheduleArgs } from "../../components";
import { scheduleRules } from "../../components/schedule-args";
import type { ArgumentCases } from "../helpers/argument-cases";
import { BATCH_ENDPOINT_ID, JOB_ID } from "../helpers/pulumi-mocks";

export const schedule: ArgumentCases<ScheduleArgs> = {
  component: "Schedule",
  rules: scheduleRules,
  declare: (name, args) => new Schedule(name, args),
  cases: [
    {
      endpointId: BATCH_ENDPOINT_ID,
      deployment: "first",
      input: { uri: "azureml://datastores/lake/paths/new/", type: "uri_folder" },
      scheduleName: "each-morning",
      cron: "0 6 * * 1-5",
      timeZone: "W. Europe Standard Time",
      startTime: "2026-01-31T18:00:00",
      endTime: "2026-12-31T18:00:00",
      enabled: false,
      description: "Scores what came in the night",
      tags: { team: "risk" },
    },
    {
      endpointId: BATCH_ENDPOINT_ID.replace("be-test", "be-other"),
      deployment: "second",
      input: { uri: "azureml:churn:7", type: "uri_file" },
      recurrence: { frequency: "Week", interval: 2, hours: [6, 18], minutes: [0, 30], weekDays: ["Monday"] },
    },
    {
      endpointId: BATCH_ENDPOINT_ID,
      input: { uri: "azureml:churn:8" },
      recurrence: { frequency: "Month", hours: [7], minutes: [15], monthDays: [1, 15] },
    },
    {
      endpointId: BATCH_ENDPOINT_ID,
      input: { uri: "azureml:churn:9" },
      recurrence: { frequency: "Day", hours: [7], minutes: [15] },
    },
    {
      endpointId: BATCH_ENDPOINT_ID,
      input: { uri: "azureml:churn:9" },
      recurrence: { frequency: "Hour", hours: [7], minutes: [15] },
    },
    { jobId: JOB_ID, cron: "0 6 * * 1" },
  ],
};
