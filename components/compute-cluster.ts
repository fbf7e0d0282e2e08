import * as ml from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import { workspaceParts } from "../providers/clients/arm-id";
import { armId, flag, integer, oneOf, optional, tags, text, type Rules } from "../providers/rules";
import { checkArgs, type Constraint } from "./args";
import { mapped } from "./defaults";
import { azureName } from "./naming";
import type { Tags } from "./tags";
import { agentIdentity } from "./identity";
import { location } from "./workspace-args";

export interface ComputeClusterArgs {
  /** ARM id of the workspace. */
  readonly workspaceId: pulumi.Input<string>;
  /** Azure region, the workspace's as a rule. */
  readonly location: pulumi.Input<string>;
  /** Azure VM size, as `Standard_DS3_v2`. */
  readonly vmSize: pulumi.Input<string>;
  /** Nodes that are always there. 0 by default: nothing is paid for while no job runs. */
  readonly minNodes?: pulumi.Input<number>;
  /** Nodes at most. */
  readonly maxNodes: pulumi.Input<number>;
  /** Seconds after a job before its node goes. 900 by default. */
  readonly idleSeconds?: pulumi.Input<number>;
  /** `Dedicated` (the default), or `LowPriority`: cheaper, taken away at any time. */
  readonly priority?: pulumi.Input<string>;
  /** Whether nodes have addresses in the internet; without them the workspace needs a private network. False by default. */
  readonly nodePublicIp?: pulumi.Input<boolean>;
  /** ARM id of the user-assigned identity that jobs act as. By default the cluster has an identity of its own. */
  readonly identityId?: pulumi.Input<string>;
  readonly tags?: Tags;
}

export const computeClusterRules: Rules<ComputeClusterArgs> = {
  workspaceId: armId("Microsoft.MachineLearningServices/workspaces"),
  location,
  vmSize: text("an Azure VM size, for instance Standard_DS3_v2", /^Standard_\w+$/),
  minNodes: optional(integer(0, 1000)),
  maxNodes: integer(1, 1000),
  idleSeconds: optional(integer(60, 86_400)),
  priority: optional(oneOf("Dedicated", "LowPriority")),
  nodePublicIp: optional(flag()),
  identityId: optional(armId("Microsoft.ManagedIdentity/userAssignedIdentities")),
  tags: optional(tags),
};

export const computeClusterConstraints: readonly Constraint<ComputeClusterArgs>[] = [
  {
    id: "compute-cluster-min-over-max",
    source: "models 2025-12-01, ScaleSettings: minNodeCount and maxNodeCount",
    problems: ({ minNodes = 0, maxNodes }) =>
      typeof minNodes === "number" && typeof maxNodes === "number" && minNodes > maxNodes
        ? [{ path: "minNodes", value: minNodes, reason: "it must be at most maxNodes" }]
        : [],
  },
];

/**
 * A cluster of machines that jobs run on (AmlCompute): it grows with the jobs that wait and shrinks when they are done. Nobody signs in to its
 * nodes: no SSH, no local accounts.
 */
export class ComputeCluster extends pulumi.ComponentResource {
  /** ARM id; a job's `compute` takes it. */
  declare readonly id: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: ComputeClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:ComputeCluster", name, {}, opts);
    args = checkArgs("ComputeCluster", name, args, computeClusterRules, computeClusterConstraints);
    const workspace = pulumi.output(args.workspaceId).apply(workspaceParts);
    const compute = new ml.Compute(
      name,
      {
        computeName: azureName("compute", name),
        resourceGroupName: workspace.resourceGroupName,
        workspaceName: workspace.workspaceName,
        location: args.location,
        identity: agentIdentity(args.identityId),
        properties: {
          computeType: "AmlCompute",
          disableLocalAuth: true,
          properties: {
            vmSize: args.vmSize,
            vmPriority: args.priority ?? "Dedicated",
            scaleSettings: {
              minNodeCount: args.minNodes ?? 0,
              maxNodeCount: args.maxNodes,
              nodeIdleTimeBeforeScaleDown: mapped(args.idleSeconds, 900, (seconds) => `PT${seconds}S`),
            },
            enableNodePublicIp: args.nodePublicIp ?? false,
            remoteLoginPortPublicAccess: "Disabled",
          },
        },
        tags: args.tags,
      },
      { parent: this },
    );

    this.id = compute.id;
    this.name = compute.name;
    this.registerOutputs({ id: this.id, name: this.name });
  }
}
