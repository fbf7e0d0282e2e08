import type * as pulumi from "@pulumi/pulumi";
import {
  armId,
  listOf,
  objectOf,
  oneOf,
  optional,
  recordOf,
  rule,
  text,
  type Rules,
} from "../providers/rules";
import { monitorSignal, type MonitorSignal } from "./model-monitor-signals";
import { scheduleSettingsRules, type ScheduleSettings } from "./schedule-settings";

/** The serverless Spark that a monitor runs on. It costs while a run lasts. */
export interface MonitorCompute {
  /** `Standard_E4s_v3`, `…E8s_v3`, `…E16s_v3`, `…E32s_v3` or `…E64s_v3`, in either case. */
  readonly instanceType: pulumi.Input<string>;
  /** Of Spark: `3.4` or `3.5`, which is the default. */
  readonly runtimeVersion?: pulumi.Input<string>;
  /** ARM id of the user-assigned identity that reads the data. Whoever declared the monitor by default. */
  readonly identityId?: pulumi.Input<string>;
}

export interface ModelMonitorArgs extends ScheduleSettings {
  /** ARM id of the workspace. */
  readonly workspaceId: pulumi.Input<string>;
  /** What each run computes on. */
  readonly compute: MonitorCompute;
  /** ARM id of the online deployment whose model is monitored. Its data collector must write the data that signals read as `uri_folder`. This or `modelId`, or neither for a model that is served elsewhere. */
  readonly deploymentId?: pulumi.Input<string>;
  /** ARM id of the version of the model that is monitored. */
  readonly modelId?: pulumi.Input<string>;
  /** What the model does: `Classification` or `Regression`. */
  readonly taskType: pulumi.Input<"Classification" | "Regression">;
  /** What is looked at, by names of your choosing; one at least. */
  readonly signals: Readonly<Record<string, MonitorSignal>>;
  /** Addresses that get a mail when a threshold is crossed, 499 characters in all. Nobody by default: the studio shows it. */
  readonly emails?: pulumi.Input<pulumi.Input<string>[]>;
}

const SPARK = /^standard_e(4|8|16|32|64)s_v3$/i;

export const modelMonitorRules: Rules<ModelMonitorArgs> = {
  workspaceId: armId("Microsoft.MachineLearningServices/workspaces"),
  compute: objectOf<MonitorCompute>({
    instanceType: text(
      "Standard_E4s_v3, Standard_E8s_v3, Standard_E16s_v3, Standard_E32s_v3 or Standard_E64s_v3",
      SPARK,
      "docs:reference-yaml-monitor: compute.instance_type",
    ),
    runtimeVersion: optional(
      rule(
        (value) => value === "3.4" || value === "3.5",
        "3.4 or 3.5",
        "azure-ai-ml 1.35.2, ServerlessSparkCompute: supported runtime versions",
      ),
    ),
    identityId: optional(armId("Microsoft.ManagedIdentity/userAssignedIdentities")),
  }),
  deploymentId: optional(armId("Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments")),
  modelId: optional(armId("Microsoft.MachineLearningServices/workspaces/models/versions")),
  taskType: oneOf("Classification", "Regression"),
  signals: recordOf(monitorSignal),
  emails: optional(
    listOf(
      text("a mail address", /^[^\s@,;]+@[^\s@,;]+$/, "models 2025-12-01, MonitorEmailNotificationSettings"),
      { least: 1 },
    ),
  ),
  ...scheduleSettingsRules,
};
