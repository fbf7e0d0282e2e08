import type * as pulumi from "@pulumi/pulumi";
import { armId, objectOf, oneOf, optional, type Rules } from "../providers/rules";
import type { Constraint } from "./args";
import { batchDeploymentName, batchInputUri } from "./batch-run-args";
import {
  scheduleSettingsConstraints,
  scheduleSettingsRules,
  type ScheduleSettings,
} from "./schedule-settings";

/** The files that each call scores. */
export interface ScheduledInput {
  /** As `BatchRun`'s: `azureml://datastores/NAME/paths/…`, `https://ACCOUNT.blob.core.windows.net/…`, or a version of a data asset. */
  readonly uri: pulumi.Input<string>;
  /** Of what is at `uri`: `uri_folder` (the default), or `uri_file` for one file. */
  readonly type?: pulumi.Input<"uri_folder" | "uri_file">;
}

export interface ScheduleArgs extends ScheduleSettings {
  /** ARM id of a job that is submitted again each time, under a new name: `id` of a `TrainingJob`, `SweepJob` or `Pipeline`, or of any other job in the workspace. This or `endpointId`. */
  readonly jobId?: pulumi.Input<string>;
  /** ARM id of the batch endpoint that is called. This or `jobId`. */
  readonly endpointId?: pulumi.Input<string>;
  /** Name of one of the endpoint's deployments. What is its default at the time by default. */
  readonly deployment?: pulumi.Input<string>;
  /** The files that each call of the endpoint scores; a job has its own. */
  readonly input?: ScheduledInput;
}

export const scheduleRules: Rules<ScheduleArgs> = {
  jobId: optional(armId("Microsoft.MachineLearningServices/workspaces/jobs")),
  endpointId: optional(armId("Microsoft.MachineLearningServices/workspaces/batchEndpoints")),
  deployment: optional(batchDeploymentName),
  input: optional(
    objectOf<ScheduledInput>({
      uri: batchInputUri,
      type: optional(oneOf("uri_folder", "uri_file")),
    }),
  ),
  ...scheduleSettingsRules,
};

export const scheduleConstraints: readonly Constraint<ScheduleArgs>[] = [
  {
    id: "schedule-action",
    source: "models 2025-12-01, ScheduleActionBase: one of JobScheduleAction and EndpointScheduleAction",
    problems: ({ jobId, endpointId }) =>
      (jobId === undefined) === (endpointId === undefined)
        ? [{ path: "jobId", value: jobId, reason: "it must have either jobId or endpointId" }]
        : [],
  },
  {
    id: "schedule-input",
    source: "docs:how-to-use-batch-model-deployments: a call names its input",
    problems: ({ endpointId, input }) =>
      endpointId !== undefined && input === undefined
        ? [{ path: "input", value: input, reason: "a call of a batch endpoint must have it" }]
        : [],
  },
  {
    id: "schedule-job-has-its-own",
    source: "models 2025-12-01, JobScheduleAction: jobDefinition has all that the job has",
    problems: ({ jobId, deployment, input }) =>
      Object.entries(jobId === undefined ? {} : { deployment, input }).flatMap(([path, value]) =>
        value === undefined ? [] : [{ path, value, reason: "it goes with endpointId alone" }],
      ),
  },
  ...scheduleSettingsConstraints("schedule"),
];
