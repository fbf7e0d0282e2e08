import { ComputeCluster, type ComputeClusterArgs } from "../../components";
import { computeClusterRules } from "../../components/compute-cluster";
import type { ArgumentCases } from "../helpers/argument-cases";
import { IDENTITY_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";

export const computeCluster: ArgumentCases<ComputeClusterArgs> = {
  component: "ComputeCluster",
  rules: computeClusterRules,
  declare: (name, args) => new ComputeCluster(name, args),
  cases: [
    {
      workspaceId: WORKSPACE_ID,
      location: "westeurope",
      vmSize: "Standard_DS3_v2",
      minNodes: 1,
      maxNodes: 4,
      idleSeconds: 300,
      priority: "LowPriority",
      nodePublicIp: true,
      identityId: IDENTITY_ID,
      tags: { team: "risk" },
    },
  ],
};
