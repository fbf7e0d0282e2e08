import type * as pulumi from "@pulumi/pulumi";
import { integer, oneOf, optional, tags, type Rules } from "../providers/rules";
import type { Constraint } from "./args";
import {
  accessRules,
  azureComputeName,
  computeIdentity,
  identityConstraints,
  networkConstraints,
  networkRules,
  sshPublicKey,
  vmSize,
  workspaceId,
  type ComputeIdentity,
  type ComputeNetwork,
  type IdentityArgs,
} from "./compute";
import type { Tags } from "./tags";
import { location } from "./workspace-args";

/**
 * Nodes at least and at most, idle time, identity and tags change in place. What is marked as fixed Azure takes when a cluster is made and never again: a
 * change makes another cluster.
 */
export interface ComputeClusterArgs extends IdentityArgs, ComputeNetwork {
  /** ARM id of the workspace. */
  readonly workspaceId: pulumi.Input<string>;
  /** Azure region; another than the workspace's is possible, and pays for data that crosses. Fixed. */
  readonly location: pulumi.Input<string>;
  /**
   * Azure's name: 3 to 24 letters, digits and dashes, unique in the region. By default the component's name with a digest of what is fixed, so that
   * another cluster is there before this one goes. With a name of yours this one goes first, with the jobs that run on it.
   */
  readonly computeName?: pulumi.Input<string>;
  /** Azure VM size, as `Standard_DS3_v2`, or with GPUs `Standard_NC6s_v3`. Fixed. */
  readonly vmSize: pulumi.Input<string>;
  /** Nodes that are always there and paid for, up to `maxNodes`. 0 by default: nothing is paid for while no job runs. */
  readonly minNodes?: pulumi.Input<number>;
  /** Nodes at most: 1 to 65 000, within the subscription's quota. */
  readonly maxNodes: pulumi.Input<number>;
  /** Seconds after a job before its node goes: 60 to 86 400. 900 by default; a node that waits is paid for. */
  readonly idleSeconds?: pulumi.Input<number>;
  /** `Dedicated` (the default), or `LowPriority`: cheaper, taken away at any time, and its job starts again. Fixed. */
  readonly priority?: pulumi.Input<string>;
  /**
   * RSA public key of who may sign in to the nodes by SSH, as `azureuser`; opens a port of nodes with public addresses. By default nobody may, and local
   * accounts are off. Fixed.
   */
  readonly sshPublicKey?: pulumi.Input<string>;
  /** Who jobs act as. By default the cluster has an identity of its own. */
  readonly identity?: ComputeIdentity;
  /** Of every resource. */
  readonly tags?: Tags;
}

export const computeClusterRules: Rules<ComputeClusterArgs> = {
  workspaceId,
  location,
  computeName: optional(azureComputeName),
  vmSize,
  minNodes: optional(integer(0, 65_000)),
  maxNodes: integer(1, 65_000, "docs:how-to-manage-quotas"),
  idleSeconds: optional(integer(60, 86_400)),
  priority: optional(oneOf("Dedicated", "LowPriority")),
  ...networkRules,
  sshPublicKey: optional(sshPublicKey),
  identity: optional(computeIdentity),
  ...accessRules,
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
  ...identityConstraints("compute-cluster"),
  ...networkConstraints("compute-cluster"),
];
