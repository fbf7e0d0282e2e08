import { ComputeCluster, type ComputeClusterArgs } from "../../components";
import { computeClusterRules } from "../../components/compute-cluster-args";
import type { ArgumentCases } from "../helpers/argument-cases";
import { GROUP_ID, IDENTITY_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";

const network = `${GROUP_ID}/providers/Microsoft.Network/virtualNetworks/vnet`;
const minimal = {
  workspaceId: WORKSPACE_ID,
  location: "westeurope",
  vmSize: "Standard_DS3_v2",
  maxNodes: 4,
} satisfies ComputeClusterArgs;

export const computeCluster: ArgumentCases<ComputeClusterArgs> = {
  component: "ComputeCluster",
  rules: computeClusterRules,
  declare: (name, args) => new ComputeCluster(name, args),
  cases: [
    {
      ...minimal,
      computeName: "gpu-cluster",
      minNodes: 1,
      idleSeconds: 300,
      priority: "LowPriority",
      subnetId: `${network}/subnets/training`,
      nodePublicIp: true,
      sshPublicKey: "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC ada@example",
      storageAccountId: `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/stml`,
      containerRegistryId: `${GROUP_ID}/providers/Microsoft.ContainerRegistry/registries/crml`,
      tags: { team: "risk" },
    },
    { ...minimal, managedNetwork: true, identity: { userAssignedIds: [IDENTITY_ID] } },
    { ...minimal, identity: { systemAssigned: false } },
  ],
};
