import * as ml from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import { workspaceParts } from "../providers/clients/arm-id";
import { checkArgs } from "./args";
import { modelMonitorRules, type ModelMonitorArgs } from "./model-monitor-args";
import { monitorDefinition } from "./model-monitor-body";
import { modelMonitorConstraints } from "./model-monitor-constraints";
import { azureName } from "./naming";
import { scheduleProperties } from "./schedule-settings";

/**
 * Compares what a model reads and predicts in production with a reference, again and again, at times that `cron` or `recurrence` says, and
 * sends a mail where a threshold is crossed. The metrics are in the studio.
 *
 * Each run is Azure's own jobs on serverless Spark, which cost while they last; the monitor itself costs nothing. `up` doesn't wait for a run, and has nothing of it as outputs.
 *
 * What a monitor computes can't be changed in Azure: another signal, threshold, mail address, target or compute is another schedule of the same name, in the first one's place. When it runs, and whether, is changed in place.
 *
 * Signals of other kinds are not there: feature attribution drift, model performance, and those of generated text. No monitor has run on a real
 * subscription yet, and the local Azure keeps and checks monitors without running them.
 */
export class ModelMonitor extends pulumi.ComponentResource {
  /** ARM id of the schedule. */
  declare readonly id: pulumi.Output<string>;
  /** As the studio and `az ml schedule` name it. */
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: ModelMonitorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:ModelMonitor", name, {}, opts);
    args = checkArgs("ModelMonitor", name, args, modelMonitorRules, modelMonitorConstraints);
    const workspace = pulumi.output(args.workspaceId).apply(workspaceParts);
    const schedule = new ml.Schedule(
      name,
      {
        name: args.scheduleName ?? azureName("schedule", name),
        resourceGroupName: workspace.resourceGroupName,
        workspaceName: workspace.workspaceName,
        properties: {
          ...scheduleProperties(args),
          action: { actionType: "CreateMonitor", monitorDefinition: monitorDefinition(args) },
        },
      },
      // Microsoft's models let nothing of a monitor's definition be changed; another schedule can't have the name as long as the first is there.
      { parent: this, replaceOnChanges: ["properties.action"], deleteBeforeReplace: true },
    );

    this.id = schedule.id;
    this.name = schedule.name;
    this.registerOutputs({ id: this.id, name: this.name });
  }
}
