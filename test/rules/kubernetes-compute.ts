import { KubernetesCompute, type InstanceType, type KubernetesComputeArgs } from "../../components";
import {
  kubernetesComputeConstraints,
  kubernetesComputeRules,
} from "../../components/kubernetes-compute-args";
import { GROUP_ID, IDENTITY_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";
import type { RuleCases } from "../helpers/rule-cases";

const right: KubernetesComputeArgs = {
  workspaceId: WORKSPACE_ID,
  location: "westeurope",
  clusterId: `${GROUP_ID}/providers/Microsoft.ContainerService/managedClusters/aks`,
};
const small: InstanceType = {
  requests: { cpu: "700m", memory: "1500Mi" },
  limits: { cpu: "1", memory: "2Gi" },
};
const typed: KubernetesComputeArgs = { ...right, instanceTypes: { small } };
/** The instance type with one of its values changed. */
const smaller = (part: "requests" | "limits", key: "cpu" | "memory", value: string): object => ({
  instanceTypes: { small: { ...small, [part]: { ...small[part], [key]: value } } },
});

export const kubernetesCompute: RuleCases<KubernetesComputeArgs> = {
  component: "KubernetesCompute",
  declare: (name, args) => new KubernetesCompute(name, args),
  rules: kubernetesComputeRules,
  constraints: kubernetesComputeConstraints,
  cases: [
    {
      rule: "clusterId",
      right,
      wrong: { clusterId: `${GROUP_ID}/providers/Microsoft.ContainerService/connectedClusters/arc` },
      path: "clusterId",
    },
    {
      rule: "namespace",
      right: { ...right, namespace: "risk-1" },
      wrong: { namespace: "Risk" },
      path: "namespace",
    },
    {
      rule: "instanceTypes.*.requests.cpu",
      right: typed,
      wrong: smaller("requests", "cpu", "0"),
      path: "instanceTypes.small.requests.cpu",
    },
    {
      rule: "instanceTypes.*.requests.memory",
      right: typed,
      wrong: smaller("requests", "memory", "1500MB"),
      path: "instanceTypes.small.requests.memory",
    },
    {
      rule: "kubernetes-compute-instance-type-name",
      right: typed,
      wrong: { instanceTypes: { Small_1: small } },
      path: "instanceTypes.Small_1",
    },
    {
      rule: "kubernetes-compute-request-over-limit",
      right: typed,
      wrong: smaller("limits", "memory", "1499Mi"),
      path: "instanceTypes.small.requests.memory",
    },
    {
      rule: "kubernetes-compute-unknown-default-type",
      right: { ...typed, defaultInstanceType: "small" },
      wrong: { defaultInstanceType: "large" },
      path: "defaultInstanceType",
    },
    {
      rule: "kubernetes-compute-many-identities",
      right: { ...right, identity: { userAssignedIds: [IDENTITY_ID] } },
      wrong: { identity: { userAssignedIds: [IDENTITY_ID, `${IDENTITY_ID}-2`] } },
      path: "identity.userAssignedIds",
    },
    {
      rule: "kubernetes-compute-two-identities",
      right: { ...right, identity: { systemAssigned: true } },
      wrong: { identity: { systemAssigned: true, userAssignedIds: [IDENTITY_ID] } },
      path: "identity",
    },
    {
      rule: "kubernetes-compute-roles-of-brought-identity",
      right: {
        ...right,
        containerRegistryId: `${GROUP_ID}/providers/Microsoft.ContainerRegistry/registries/crml`,
      },
      wrong: { identity: { systemAssigned: false } },
      path: "containerRegistryId",
    },
  ],
};
