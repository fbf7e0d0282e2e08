import { ComputeInstance, type ComputeInstanceArgs } from "../../components";
import { computeInstanceRules } from "../../components/compute-instance-args";
import type { ArgumentCases } from "../helpers/argument-cases";
import { GROUP_ID, guid, IDENTITY_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";

const minimal = {
  workspaceId: WORKSPACE_ID,
  location: "westeurope",
  vmSize: "Standard_DS3_v2",
} satisfies ComputeInstanceArgs;

export const computeInstance: ArgumentCases<ComputeInstanceArgs> = {
  component: "ComputeInstance",
  rules: computeInstanceRules,
  declare: (name, args) => new ComputeInstance(name, args),
  cases: [
    {
      ...minimal,
      computeName: "ada-dev",
      assignedUser: { objectId: guid("ada"), tenantId: guid("tenant") },
      idleMinutes: 30,
      schedules: [
        { action: "Stop", cron: "0 18 * * 1-5", timeZone: "W. Europe Standard Time", enabled: false },
        {
          action: "Start",
          recurrence: { frequency: "Week", interval: 2, hours: [8], minutes: [0, 30], weekDays: ["Monday"] },
          startTime: "2026-01-31T18:00:00",
        },
        { action: "Start", recurrence: { frequency: "Day", hours: [9], minutes: [0] } },
        { action: "Start", recurrence: { frequency: "Month", hours: [8], minutes: [0], monthDays: [1, 15] } },
      ],
      creationScript: { content: "apt-get update", arguments: "one two", timeoutMinutes: 30 },
      startupScript: { path: "Users/ada/startup.sh", arguments: "four", timeoutMinutes: 6 },
      subnetId: `${GROUP_ID}/providers/Microsoft.Network/virtualNetworks/vnet/subnets/dev`,
      nodePublicIp: true,
      sshPublicKey: "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC ada@example",
      identity: { systemAssigned: true },
      storageAccountId: `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/stml`,
      containerRegistryId: `${GROUP_ID}/providers/Microsoft.ContainerRegistry/registries/crml`,
      tags: { team: "risk" },
    },
    { ...minimal, managedNetwork: true, identity: { userAssignedIds: [IDENTITY_ID] } },
    {
      ...minimal,
      identity: { systemAssigned: true },
      creationScript: { path: "Users/ada/creation.sh" },
      startupScript: { path: "Users/ada/start.sh", arguments: "three", timeoutMinutes: 5 },
    },
    { ...minimal, creationScript: { path: "Users/ada/other.sh" }, startupScript: { content: "ls" } },
  ],
};
