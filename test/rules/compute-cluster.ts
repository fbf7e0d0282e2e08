import { ComputeCluster, type ComputeClusterArgs } from "../../components";
import { computeClusterConstraints, computeClusterRules } from "../../components/compute-cluster";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";
import type { RuleCases } from "../helpers/rule-cases";

const right: ComputeClusterArgs = {
  workspaceId: WORKSPACE_ID,
  location: "westeurope",
  vmSize: "Standard_DS3_v2",
  minNodes: 2,
  maxNodes: 2,
};

export const computeCluster: RuleCases<ComputeClusterArgs> = {
  component: "ComputeCluster",
  declare: (name, args) => new ComputeCluster(name, args),
  rules: computeClusterRules,
  constraints: computeClusterConstraints,
  cases: [{ rule: "compute-cluster-min-over-max", right, wrong: { minNodes: 3 }, path: "minNodes" }],
};
