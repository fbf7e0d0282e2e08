import type { input as inputs } from "@pulumi/azure-native/types";
import { getClientConfigOutput } from "@pulumi/azure-native/authorization";
import * as ml from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import { after } from "./after";
import { checkArgs } from "./args";
import { giveRoles, identityOf, publicIpOf, replacementOf, workspaceOf } from "./compute";
import {
  computeInstanceConstraints,
  computeInstanceRules,
  type AssignedUser,
  type ComputeInstanceArgs,
  type InstanceSchedule,
  type SetupScript,
} from "./compute-instance-args";
import { mapped } from "./defaults";

/**
 * A development machine of one user, with notebooks and VS Code. It stops when nobody uses it. Nobody signs in to it but through Azure ML: no SSH, no local
 * accounts.
 */
export class ComputeInstance extends pulumi.ComponentResource {
  /** ARM id. Known when the instance's identity has its roles. */
  declare readonly id: pulumi.Output<string>;
  /** Azure's name. */
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: ComputeInstanceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:ComputeInstance", name, {}, opts);
    args = checkArgs("ComputeInstance", name, args, computeInstanceRules, computeInstanceConstraints);
    const { workspaceId, location, storageAccountId, containerRegistryId } = args;
    // Without an identity of its own, unlike a cluster: its user is who acts.
    const identity = args.identity ?? { systemAssigned: false };
    const properties = propertiesOf(args, this);
    const fixed = { workspaceId, location, identity, properties };
    const { computeName, options } = replacementOf(name, args.computeName, fixed);
    const compute = new ml.Compute(
      name,
      {
        ...workspaceOf(workspaceId),
        computeName,
        location,
        identity: identityOf(identity),
        properties,
        tags: args.tags,
      },
      { parent: this, ...options },
    );
    const access = { workspaceId, identity, storageAccountId, containerRegistryId };
    const stopping = { suffix: "workspace", role: "contributor", scope: workspaceId } as const;

    this.id = after(compute.id, giveRoles(name, compute, access, this, [stopping]));
    this.name = compute.name;
    this.registerOutputs({ id: this.id, name: this.name });
  }
}

function propertiesOf(
  args: ComputeInstanceArgs,
  parent: pulumi.Resource,
): inputs.machinelearningservices.ComputeInstanceArgs {
  const { assignedUser, creationScript, startupScript, subnetId, sshPublicKey } = args;
  return {
    computeType: "ComputeInstance",
    disableLocalAuth: sshPublicKey === undefined,
    properties: {
      vmSize: args.vmSize,
      applicationSharingPolicy: "Personal",
      computeInstanceAuthorizationType: "personal",
      personalComputeInstanceSettings: assignedUser && { assignedUser: userOf(assignedUser, parent) },
      idleTimeBeforeShutdown: mapped(args.idleMinutes, 60, (minutes) => `PT${minutes}M`),
      schedules: args.schedules && { computeStartStop: args.schedules.map(scheduleOf) },
      setupScripts:
        creationScript === undefined && startupScript === undefined
          ? undefined
          : { scripts: { creationScript: scriptOf(creationScript), startupScript: scriptOf(startupScript) } },
      subnet: subnetId === undefined ? undefined : { id: subnetId },
      enableNodePublicIp: publicIpOf(args),
      sshSettings:
        sshPublicKey === undefined
          ? { sshPublicAccess: "Disabled" }
          : { sshPublicAccess: "Enabled", adminPublicKey: sshPublicKey },
    },
  };
}

function userOf({ objectId, tenantId }: AssignedUser, parent: pulumi.Resource): Required<AssignedUser> {
  return { objectId, tenantId: tenantId ?? getClientConfigOutput({ parent }).tenantId };
}

function scheduleOf(schedule: InstanceSchedule): inputs.machinelearningservices.ComputeStartStopScheduleArgs {
  const { action, cron, recurrence, timeZone = "UTC", startTime, enabled } = schedule;
  const common = {
    action,
    status: mapped(enabled, true, (on) => (on ? "Enabled" : "Disabled")),
  };
  if (recurrence === undefined)
    return { ...common, triggerType: "Cron", cron: { expression: cron, timeZone, startTime } };
  const { frequency, interval = 1, ...times } = recurrence;
  return {
    ...common,
    triggerType: "Recurrence",
    recurrence: { frequency, interval, timeZone, startTime, schedule: times },
  };
}

function scriptOf(
  script: SetupScript | undefined,
): inputs.machinelearningservices.ScriptReferenceArgs | undefined {
  if (script === undefined) return undefined;
  const { content, path, timeoutMinutes } = script;
  return {
    ...(content === undefined
      ? { scriptSource: "workspaceStorage", scriptData: path }
      : {
          scriptSource: "inline",
          scriptData: pulumi.output(content).apply((text) => Buffer.from(text).toString("base64")),
        }),
    scriptArguments: script.arguments,
    timeout: mapped(timeoutMinutes, 15, (minutes) => `${minutes}m`),
  };
}
