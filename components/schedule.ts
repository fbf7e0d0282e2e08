import * as ml from "@pulumi/azure-native/machinelearningservices";
import type * as types from "@pulumi/azure-native/types";
import * as pulumi from "@pulumi/pulumi";
import { resourceParts, workspaceParts } from "../providers/clients/arm-id";
import { checkArgs } from "./args";
import { azureName } from "./naming";
import { scheduleConstraints, scheduleRules, type ScheduleArgs } from "./schedule-args";
import { scheduleProperties } from "./schedule-settings";
import { scheduledJob } from "./scheduled-job";

/**
 * Submits a job or calls a batch endpoint again and again, at times that `cron` or `recurrence` says. Each time makes a job of its own, which costs the time of its machines and writes into
 * its own folders; the schedule itself costs nothing.
 *
 * A job is submitted as it was: the same code, environment and command, and what is at its inputs' addresses then. When `up` makes another run of a `TrainingJob`, `SweepJob` or `Pipeline`, another schedule
 * of the same name takes the first one's place. `up` does not wait for the scheduled runs, and has nothing of them as outputs: they are in the job's experiment.
 *
 * Microsoft documents schedules of pipelines; ARM's models take commands and sweeps as well, which no real subscription has shown to run yet.
 *
 * Azure documents the action that calls an endpoint (`InvokeBatchEndpoint`), but not what its `endpointInvocationDefinition` holds: here it is the endpoint's and the deployment's names
 * and the body that a call has.
 */
export class Schedule extends pulumi.ComponentResource {
  /** ARM id. */
  declare readonly id: pulumi.Output<string>;
  /** As the studio and `az ml schedule` name it. */
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: ScheduleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:Schedule", name, {}, opts);
    args = checkArgs("Schedule", name, args, scheduleRules, scheduleConstraints);
    const workspace = pulumi.output(args.jobId ?? args.endpointId ?? "").apply(workspaceParts);
    const schedule = new ml.Schedule(
      name,
      {
        name: args.scheduleName ?? azureName("schedule", name),
        resourceGroupName: workspace.resourceGroupName,
        workspaceName: workspace.workspaceName,
        properties: {
          ...scheduleProperties(args),
          action: actionOf(this, name, args),
        },
      },
      // Microsoft's models let nothing of a job in a schedule be changed; another schedule can't have the name as long as the first is there.
      { parent: this, replaceOnChanges: ["properties.action.jobDefinition"], deleteBeforeReplace: true },
    );

    this.id = schedule.id;
    this.name = schedule.name;
    this.registerOutputs({ id: this.id, name: this.name });
  }
}

type Action = types.input.machinelearningservices.SchedulePropertiesArgs["action"];

function actionOf(schedule: Schedule, name: string, { jobId, ...args }: ScheduleArgs): Action {
  if (jobId === undefined)
    return { actionType: "InvokeBatchEndpoint", endpointInvocationDefinition: invocation(args) };
  return { actionType: "CreateJob", jobDefinition: scheduledJob(schedule, ["Schedule", name], jobId) };
}

function invocation({ endpointId = "", deployment, input }: ScheduleArgs): object {
  const type = pulumi
    .output(input?.type ?? "uri_folder")
    .apply((given) => (given === "uri_file" ? "UriFile" : "UriFolder"));
  return {
    endpointName: pulumi.output(endpointId).apply((id) => resourceParts(id).name),
    ...(deployment === undefined ? {} : { deploymentName: deployment }),
    properties: { inputData: { input: { jobInputType: type, uri: input?.uri } } },
  };
}
