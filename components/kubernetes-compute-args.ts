import type * as pulumi from "@pulumi/pulumi";
import { objectOf, optional, recordOf, rule, tags, text, integer, type Rules } from "../providers/rules";
import type { Constraint, Known } from "./args";
import {
  accessRules,
  computeIdentity,
  identityConstraints,
  workspaceId,
  type ComputeIdentity,
  type IdentityArgs,
} from "./compute";
import { quantityOf } from "./quantity";
import type { Tags } from "./tags";
import { location } from "./workspace-args";

/**
 * Instance types, identity and tags change in place. What is marked as fixed makes another attachment; the cluster itself is never touched. The Azure Machine
 * Learning extension must be on the cluster before, and a workspace with a user-assigned identity needs roles on it (docs:how-to-attach-kubernetes-to-workspace).
 */
export interface KubernetesComputeArgs extends IdentityArgs {
  /** ARM id of the workspace. */
  readonly workspaceId: pulumi.Input<string>;
  /** Azure region: the workspace's. Fixed. */
  readonly location: pulumi.Input<string>;
  /**
   * Azure's name: 2 to 16 letters, digits and dashes. By default the component's name with a digest of what is fixed, so that another attachment is there
   * before this one goes. With a name of yours this one goes first.
   */
  readonly computeName?: pulumi.Input<string>;
  /** ARM id of the AKS cluster (`Microsoft.ContainerService/managedClusters`) or Arc-enabled cluster (`Microsoft.Kubernetes/connectedClusters`). Fixed. */
  readonly clusterId: pulumi.Input<string>;
  /** Kubernetes namespace that jobs and deployments run in. It must be there: Azure neither makes nor checks it. `default` by default. Fixed. */
  readonly namespace?: pulumi.Input<string>;
  /** What jobs and deployments may ask for, by a name that they give as `instance_type`. By default Azure's own, of 2 cores and 2 GiB. */
  readonly instanceTypes?: Readonly<Record<string, InstanceType>>;
  /** The instance type of who names none: one of `instanceTypes`, or `defaultinstancetype` (the default), which is Azure's own unless it is among them. */
  readonly defaultInstanceType?: pulumi.Input<string>;
  /** Who jobs act as; deployments act as their endpoint. By default the compute has an identity of its own. */
  readonly identity?: ComputeIdentity;
  /** Of every resource. */
  readonly tags?: Tags;
}

/** A share of a node. */
export interface InstanceType {
  /** What is set aside for a pod. */
  readonly requests: InstanceResources;
  /** What a pod gets at most, no less than its requests. */
  readonly limits: InstanceLimits;
  /** Labels of the nodes that pods may run on. Any node by default. */
  readonly nodeSelector?: Readonly<Record<string, pulumi.Input<string>>>;
}

export interface InstanceResources {
  /** Cores, as `2`, or thousandths of one, as `700m`. */
  readonly cpu: pulumi.Input<string>;
  /** As `1500Mi` or `4Gi`. */
  readonly memory: pulumi.Input<string>;
}

export interface InstanceLimits extends InstanceResources {
  /** NVIDIA GPUs. None by default. */
  readonly gpus?: pulumi.Input<number>;
}

const ATTACHING = "docs:how-to-attach-kubernetes-to-workspace";
const TYPES = "docs:how-to-manage-kubernetes-instance-types";
const DEFAULT_TYPE = "defaultinstancetype";

const quantity = (allowed: string, form: RegExp): ReturnType<typeof rule> =>
  rule(
    (value) => typeof value === "string" && form.test(value) && (quantityOf(value) ?? 0) > 0,
    allowed,
    TYPES,
  );
const resources = {
  cpu: quantity("cores above zero, as 2 or 700m", /^(\d+(\.\d+)?|\d+m)$/),
  memory: quantity("an amount of memory above zero, as 1500Mi or 4Gi", /^\d+(\.\d+)?([KMGT]i|[kMGT])?$/),
};

const instanceType = objectOf<InstanceType>({
  requests: objectOf<InstanceResources>(resources),
  limits: objectOf<InstanceLimits>({ ...resources, gpus: optional(integer(0, 1000)) }),
  nodeSelector: optional(recordOf(text("the value of a label", /^/))),
});

const computeName = text(
  "2 to 16 letters, digits and dashes, a letter first, no dash last",
  /^[a-zA-Z][a-zA-Z0-9-]{0,14}[a-zA-Z0-9]$/,
);

export const kubernetesComputeRules: Rules<KubernetesComputeArgs> = {
  workspaceId,
  location,
  computeName: optional(computeName),
  clusterId: text(
    "the ARM id of an AKS cluster (Microsoft.ContainerService/managedClusters) or an Arc-enabled one (Microsoft.Kubernetes/connectedClusters)",
    /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/(Microsoft\.ContainerService\/managedClusters|Microsoft\.Kubernetes\/connectedClusters)\/[^/]+$/i,
    ATTACHING,
  ),
  namespace: optional(
    text(
      "a Kubernetes namespace: up to 63 lower-case letters, digits and dashes, no dash first or last",
      /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
      "Kubernetes docs, names: RFC 1123 label names",
    ),
  ),
  instanceTypes: optional(recordOf(instanceType)),
  defaultInstanceType: optional(text("the name of an instance type")),
  identity: optional(computeIdentity),
  ...accessRules,
  tags: optional(tags),
};

type KnownType = Known<InstanceType>;

export const kubernetesComputeConstraints: readonly Constraint<KubernetesComputeArgs>[] = [
  {
    id: "kubernetes-compute-instance-type-name",
    source: `${TYPES}: the name is that of a Kubernetes resource`,
    problems: ({ instanceTypes }) =>
      Object.keys(instanceTypes ?? {})
        .filter((name) => !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name))
        .map((name) => ({
          path: `instanceTypes.${name}`,
          value: name,
          reason: "its name must be up to 63 lower-case letters, digits and dashes, no dash first or last",
        })),
  },
  {
    id: "kubernetes-compute-request-over-limit",
    source: "Kubernetes docs, resource management: a container's request is at most its limit",
    problems: ({ instanceTypes }) =>
      Object.entries(instanceTypes ?? {}).flatMap(([name, type]: [string, KnownType]) =>
        (["cpu", "memory"] as const).flatMap((resource) => {
          const [request, limit] = [type.requests[resource], type.limits[resource]];
          return typeof request === "string" &&
            typeof limit === "string" &&
            (quantityOf(request) ?? 0) > (quantityOf(limit) ?? 0)
            ? [
                {
                  path: `instanceTypes.${name}.requests.${resource}`,
                  value: request,
                  reason: `it must be at most limits.${resource}`,
                },
              ]
            : [];
        }),
      ),
  },
  {
    id: "kubernetes-compute-unknown-default-type",
    source: `${TYPES}: a default instance type is one that there is`,
    problems: ({ instanceTypes = {}, defaultInstanceType }) =>
      typeof defaultInstanceType === "string" &&
      defaultInstanceType !== DEFAULT_TYPE &&
      typeof instanceTypes === "object" &&
      !(defaultInstanceType in instanceTypes)
        ? [
            {
              path: "defaultInstanceType",
              value: defaultInstanceType,
              reason: `it must be ${[DEFAULT_TYPE, ...Object.keys(instanceTypes)].join(" or ")}`,
            },
          ]
        : [],
  },
  {
    id: "kubernetes-compute-many-identities",
    source: "docs:how-to-identity-based-service-authentication: Kubernetes takes one user-assigned identity",
    problems: ({ identity }) => {
      const ids = identity?.userAssignedIds;
      return Array.isArray(ids) && ids.length > 1
        ? [{ path: "identity.userAssignedIds", value: ids, reason: "it must be a list of one" }]
        : [];
    },
  },
  ...identityConstraints("kubernetes-compute"),
];
