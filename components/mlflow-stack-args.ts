import type * as pulumi from "@pulumi/pulumi";
import { flag, oneOf, optional, recordOf, tags, text, type Rules } from "../providers/rules";
import type { Constraint } from "./args";
import {
  computeClusterConstraints,
  computeClusterRules,
  type ComputeClusterArgs,
} from "./compute-cluster-args";
import {
  computeInstanceConstraints,
  computeInstanceRules,
  type ComputeInstanceArgs,
} from "./compute-instance-args";
import { datastoreConstraints, datastoreRules, type DatastoreArgs } from "./datastore-args";
import {
  kubernetesComputeConstraints,
  kubernetesComputeRules,
  type KubernetesComputeArgs,
} from "./kubernetes-compute-args";
import { mlflowModelRules, type MlflowModelArgs } from "./mlflow-model";
import { onlineDeploymentRules, type OnlineDeploymentArgs } from "./online-deployment";
import { onlineEndpointRules, type OnlineEndpointArgs } from "./online-endpoint";
import { part, partProblems, partRule, partsProblems } from "./part";
import type { Tags } from "./tags";
import { location, workspaceRules, type WorkspaceArgs } from "./workspace-args";

/** What a part doesn't say, because the stack does. */
type FromWorkspace = "workspaceId" | "location" | "tags";
type Access = "storageAccountId" | "containerRegistryId";
type FromNetwork = "subnetId" | "managedNetwork" | Access;

export type StackWorkspace = Omit<WorkspaceArgs, "location" | "namePrefix" | "nameSuffix" | "tags">;
export type StackCluster = Omit<ComputeClusterArgs, FromWorkspace | FromNetwork>;
export type StackComputeInstance = Omit<ComputeInstanceArgs, FromWorkspace | FromNetwork>;
export type StackKubernetesCompute = Omit<KubernetesComputeArgs, FromWorkspace | Access>;
export type StackDatastore = Omit<DatastoreArgs, "workspaceId" | "tags">;
export type StackModel = Omit<MlflowModelArgs, "workspaceId" | "tags">;
export type StackDeployment = Omit<OnlineDeploymentArgs, "endpointId" | "model" | "location" | "tags">;
export interface StackEndpoint extends Omit<OnlineEndpointArgs, FromWorkspace | "authMode"> {
  /** `AADToken` (the default) or `Key`. Not an output: it decides whether there is a key. */
  readonly authMode?: "AADToken" | "Key";
}

export interface MlflowStackArgs {
  /** Azure region, as `westeurope`. */
  readonly location: pulumi.Input<string>;
  /** What the Azure names are made of, as `churn-dev`. The component's name by default. */
  readonly namePrefix?: string;
  /** Whether Pulumi refuses to delete the workspace and what holds data. False by default. */
  readonly protectData?: boolean;
  /** The workspace and what it stands on, as `Workspace` takes it. */
  readonly workspace?: StackWorkspace;
  /** Clusters that jobs run on, as `ComputeCluster` takes them, by a name that stays. They are in the workspace's network. None by default. */
  readonly clusters?: Readonly<Record<string, StackCluster>>;
  /** Machines of single users, as `ComputeInstance` takes them, by a name that stays. They are in the workspace's network. None by default. */
  readonly computeInstances?: Readonly<Record<string, StackComputeInstance>>;
  /** Kubernetes clusters to attach, as `KubernetesCompute` takes them, by a name that stays. None by default. */
  readonly kubernetesComputes?: Readonly<Record<string, StackKubernetesCompute>>;
  /** Storage besides the workspace's own, as `Datastore` takes it, by a name that stays. None by default. */
  readonly datastores?: Readonly<Record<string, StackDatastore>>;
  /** The model that is served, as `MlflowModel` takes it. */
  readonly model: StackModel;
  /** Where it is served, as `OnlineEndpoint` takes it. */
  readonly endpoint?: StackEndpoint;
  /** What serves it, as `OnlineDeployment` takes it: all of the endpoint's traffic goes there. */
  readonly deployment: StackDeployment;
  /** Of every resource. */
  readonly tags?: Tags;
}

const fromWorkspace = ["workspaceId", "location", "tags"] as const;
const access = ["storageAccountId", "containerRegistryId"] as const;
const inNetwork = [...fromWorkspace, ...access, "subnetId", "managedNetwork"] as const;

const workspace = part<WorkspaceArgs, "location" | "namePrefix" | "nameSuffix" | "tags">(
  "Workspace",
  workspaceRules,
  [],
  ["location", "namePrefix", "nameSuffix", "tags"],
);
const cluster = part("ComputeCluster", computeClusterRules, computeClusterConstraints, inNetwork);
const instance = part("ComputeInstance", computeInstanceRules, computeInstanceConstraints, inNetwork);
const kubernetes = part("KubernetesCompute", kubernetesComputeRules, kubernetesComputeConstraints, [
  ...fromWorkspace,
  ...access,
]);
const datastore = part("Datastore", datastoreRules, datastoreConstraints, ["workspaceId", "tags"]);
const model = part("MlflowModel", mlflowModelRules, [], ["workspaceId", "tags"]);
const endpoint = part<OnlineEndpointArgs, FromWorkspace>(
  "OnlineEndpoint",
  { ...onlineEndpointRules, authMode: optional(oneOf("AADToken", "Key")) },
  [],
  fromWorkspace,
);
const deployment = part(
  "OnlineDeployment",
  onlineDeploymentRules,
  [],
  ["endpointId", "model", "location", "tags"],
);

export const mlflowStackRules: Rules<MlflowStackArgs> = {
  location,
  namePrefix: optional(text("text with a letter or digit", /[a-zA-Z0-9]/)),
  protectData: optional(flag()),
  workspace: optional(partRule(workspace)),
  clusters: optional(recordOf(partRule(cluster))),
  computeInstances: optional(recordOf(partRule(instance))),
  kubernetesComputes: optional(recordOf(partRule(kubernetes))),
  datastores: optional(recordOf(partRule(datastore))),
  model: partRule(model),
  endpoint: optional(partRule(endpoint)),
  deployment: partRule(deployment),
  tags: optional(tags),
};

/** The parts' own rules, before any of them is declared. */
export const mlflowStackConstraints: readonly Constraint<MlflowStackArgs>[] = [
  {
    id: "mlflow-stack-parts",
    source: "the rules of each part",
    problems: (args) => [
      ...partProblems(workspace, "workspace", args.workspace),
      ...partsProblems(cluster, "clusters", args.clusters),
      ...partsProblems(instance, "computeInstances", args.computeInstances),
      ...partsProblems(kubernetes, "kubernetesComputes", args.kubernetesComputes),
      ...partsProblems(datastore, "datastores", args.datastores),
      ...partProblems(model, "model", args.model),
      ...partProblems(endpoint, "endpoint", args.endpoint),
      ...partProblems(deployment, "deployment", args.deployment),
    ],
  },
];
