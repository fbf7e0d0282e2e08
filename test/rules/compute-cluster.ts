import { ComputeCluster, type ComputeClusterArgs } from "../../components";
import { computeClusterConstraints, computeClusterRules } from "../../components/compute-cluster-args";
import { GROUP_ID, IDENTITY_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";
import type { RuleCases } from "../helpers/rule-cases";

const right: ComputeClusterArgs = {
  workspaceId: WORKSPACE_ID,
  location: "westeurope",
  vmSize: "Standard_DS3_v2",
  maxNodes: 4,
};
const subnetId = `${GROUP_ID}/providers/Microsoft.Network/virtualNetworks/vnet/subnets/training`;
const elsewhere = subnetId.replace(/^\/subscriptions\/[^/]+/, "/subscriptions/elsewhere");
const storageAccountId = `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/stml`;

export const computeCluster: RuleCases<ComputeClusterArgs> = {
  component: "ComputeCluster",
  declare: (name, args) => new ComputeCluster(name, args),
  rules: computeClusterRules,
  constraints: computeClusterConstraints,
  cases: [
    {
      rule: "computeName",
      right: { ...right, computeName: "gpu-2b" },
      wrong: { computeName: "gpu-2" },
      path: "computeName",
    },
    { rule: "maxNodes", right, wrong: { maxNodes: 65_001 }, path: "maxNodes" },
    {
      rule: "sshPublicKey",
      right: { ...right, sshPublicKey: "ssh-rsa AAAAB3NzaC1yc2E ada@example" },
      wrong: { sshPublicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 ada@example" },
      path: "sshPublicKey",
    },
    {
      rule: "compute-cluster-min-over-max",
      right: { ...right, minNodes: 4 },
      wrong: { minNodes: 5 },
      path: "minNodes",
    },
    {
      rule: "compute-cluster-two-identities",
      right: { ...right, identity: { userAssignedIds: [IDENTITY_ID] } },
      wrong: { identity: { systemAssigned: true, userAssignedIds: [IDENTITY_ID] } },
      path: "identity",
    },
    {
      rule: "compute-cluster-roles-of-brought-identity",
      right: { ...right, storageAccountId },
      wrong: { identity: { userAssignedIds: [IDENTITY_ID] } },
      path: "storageAccountId",
    },
    {
      rule: "compute-cluster-no-public-ip-without-network",
      right: { ...right, subnetId, nodePublicIp: false },
      wrong: { subnetId: undefined },
      path: "nodePublicIp",
    },
    {
      rule: "compute-cluster-subnet-beside-managed-network",
      right: { ...right, managedNetwork: true },
      wrong: { subnetId },
      path: "subnetId",
    },
    {
      rule: "compute-cluster-subnet-of-another-subscription",
      right: { ...right, subnetId },
      wrong: { subnetId: elsewhere },
      path: "subnetId",
    },
  ],
};
