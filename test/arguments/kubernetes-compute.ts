import { KubernetesCompute, type KubernetesComputeArgs } from "../../components";
import { kubernetesComputeRules } from "../../components/kubernetes-compute-args";
import type { ArgumentCases } from "../helpers/argument-cases";
import { GROUP_ID, IDENTITY_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";

const minimal = {
  workspaceId: WORKSPACE_ID,
  location: "westeurope",
  clusterId: `${GROUP_ID}/providers/Microsoft.ContainerService/managedClusters/aks`,
} satisfies KubernetesComputeArgs;

export const kubernetesCompute: ArgumentCases<KubernetesComputeArgs> = {
  component: "KubernetesCompute",
  rules: kubernetesComputeRules,
  declare: (name, args) => new KubernetesCompute(name, args),
  cases: [
    {
      ...minimal,
      computeName: "aks-gpu",
      namespace: "risk",
      instanceTypes: {
        gpu: {
          requests: { cpu: "700m", memory: "1500Mi" },
          limits: { cpu: "2", memory: "4Gi", gpus: 1 },
          nodeSelector: { accelerator: "nvidia" },
        },
        small: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } },
      },
      defaultInstanceType: "small",
      storageAccountId: `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/stml`,
      containerRegistryId: `${GROUP_ID}/providers/Microsoft.ContainerRegistry/registries/crml`,
      tags: { team: "risk" },
    },
    { ...minimal, identity: { userAssignedIds: [IDENTITY_ID] } },
    {
      ...minimal,
      clusterId: `${GROUP_ID}/providers/Microsoft.Kubernetes/connectedClusters/arc`,
      identity: { systemAssigned: false },
    },
  ],
};
