import type * as pulumi from "@pulumi/pulumi";
import {
  flag,
  LATER,
  oneOf,
  optional,
  recordOf,
  tags,
  text,
  type Later,
  type Problem,
  type Rules,
} from "../providers/rules";
import { isKnown, type Constraint, type Known } from "./args";
import { actionGroupConstraints, actionGroupRules, type ActionGroupArgs } from "./action-group";
import { budgetConstraints, budgetRules, type BudgetArgs } from "./budget";
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
import { connectionConstraints, connectionRules, type ConnectionArgs } from "./connection-args";
import { dataAssetConstraints, dataAssetRules, type DataAssetArgs } from "./data-asset-args";
import { datastoreConstraints, datastoreRules, type DatastoreArgs } from "./datastore-args";
import {
  endpointAlertsConstraints,
  endpointAlertsRules,
  type CapacityAlert,
  type EndpointAlertsArgs,
} from "./endpoint-alerts";
import { environmentConstraints, environmentRules, type EnvironmentArgs } from "./environment-args";
import {
  kubernetesComputeConstraints,
  kubernetesComputeRules,
  type KubernetesComputeArgs,
} from "./kubernetes-compute-args";
import { mlflowModelConstraints, mlflowModelRules, type MlflowModelArgs } from "./mlflow-model";
import { onlineEndpointRules, type OnlineEndpointArgs } from "./online-endpoint";
import { part, partProblems, partRule, partsProblems } from "./part";
import {
  rollingDeploymentConstraints,
  rollingDeploymentRules,
  type RollingDeploymentArgs,
} from "./rolling-deployment-args";
import type { Tags } from "./tags";
import { location, workspaceConstraints, workspaceRules, type WorkspaceArgs } from "./workspace-args";

/** What a part doesn't say, because the stack does. */
type FromWorkspace = "workspaceId" | "location" | "tags";
type Access = "storageAccountId" | "containerRegistryId";
type FromNetwork = "subnetId" | "managedNetwork" | Access;

export type StackWorkspace = Omit<WorkspaceArgs, "location" | "namePrefix" | "nameSuffix" | "tags">;
export type StackCluster = Omit<ComputeClusterArgs, FromWorkspace | FromNetwork>;
export type StackComputeInstance = Omit<ComputeInstanceArgs, FromWorkspace | FromNetwork>;
export type StackKubernetesCompute = Omit<KubernetesComputeArgs, FromWorkspace | Access>;
export type StackDatastore = Omit<DatastoreArgs, "workspaceId" | "tags">;
export type StackEnvironment = Omit<EnvironmentArgs, "workspaceId" | "tags">;
export type StackDataAsset = Omit<DataAssetArgs, "workspaceId" | "tags">;
export type StackConnection = Omit<ConnectionArgs, "workspaceId">;
export type StackBudget = Omit<BudgetArgs, "scope">;
export type StackActionGroup = Omit<ActionGroupArgs, "resourceGroupId" | "tags">;
export type StackModel = Omit<MlflowModelArgs, "workspaceId" | "registryId" | "tags">;
export interface StackDeployment extends Omit<
  RollingDeploymentArgs,
  "endpointId" | "model" | "location" | "tags"
> {
  /** `take` (the default): the endpoint is the stack's, and deployments that others made on it get no traffic. `keep`: they keep their share. */
  readonly foreignTraffic?: "keep" | "take";
}
export interface StackEndpoint extends Omit<OnlineEndpointArgs, FromWorkspace | "authMode"> {
  /** `AADToken` (the default) or `Key`. Not an output: it decides whether there is a key. */
  readonly authMode?: "AADToken" | "Key";
}

/** What somebody is told of, and who. */
export interface StackAlerts extends Omit<
  EndpointAlertsArgs,
  "endpointId" | "actionGroupIds" | "capacity" | "tags"
> {
  /** Who is told, as `ActionGroup` takes it. */
  readonly actionGroup: StackActionGroup;
  /** When the deployment has too few machines. By default there is no such alert. */
  readonly capacity?: Omit<CapacityAlert, "deploymentId">;
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
  /** What jobs run in, as `Environment` takes it, by a name that stays. None by default. */
  readonly environments?: Readonly<Record<string, StackEnvironment>>;
  /** Data with a name and versions, as `DataAsset` takes it, by a name that stays. None by default. */
  readonly dataAssets?: Readonly<Record<string, StackDataAsset>>;
  /** What jobs and flows reach outside the workspace, as `Connection` takes it, by a name that stays. None by default. */
  readonly connections?: Readonly<Record<string, StackConnection>>;
  /** The model that is served, as `MlflowModel` takes it. */
  readonly model: StackModel;
  /** Where it is served, as `OnlineEndpoint` takes it. */
  readonly endpoint?: StackEndpoint;
  /** What serves it and how another model takes its place, as `RollingDeployment` takes it: the endpoint's traffic is its own. */
  readonly deployment: StackDeployment;
  /** What the endpoint's behaviour is held to, as `EndpointAlerts` takes it. Nobody is told by default. */
  readonly alerts?: StackAlerts;
  /** What the resource group may cost, as `Budget` takes it. None by default. */
  readonly budget?: StackBudget;
  /** Of every resource. */
  readonly tags?: Tags;
}

const fromWorkspace = ["workspaceId", "location", "tags"] as const;
const access = ["storageAccountId", "containerRegistryId"] as const;
const inNetwork = [...fromWorkspace, ...access, "subnetId", "managedNetwork"] as const;

const workspace = part("Workspace", workspaceRules, workspaceConstraints, [
  "location",
  "namePrefix",
  "nameSuffix",
  "tags",
]);
const cluster = part("ComputeCluster", computeClusterRules, computeClusterConstraints, inNetwork);
const instance = part("ComputeInstance", computeInstanceRules, computeInstanceConstraints, inNetwork);
const kubernetes = part("KubernetesCompute", kubernetesComputeRules, kubernetesComputeConstraints, [
  ...fromWorkspace,
  ...access,
]);
const datastore = part("Datastore", datastoreRules, datastoreConstraints, ["workspaceId", "tags"]);
const environment = part("Environment", environmentRules, environmentConstraints, ["workspaceId", "tags"]);
const dataAsset = part("DataAsset", dataAssetRules, dataAssetConstraints, ["workspaceId", "tags"]);
const connection = part("Connection", connectionRules, connectionConstraints, ["workspaceId"]);
const actionGroup = part("ActionGroup", actionGroupRules, actionGroupConstraints, [
  "resourceGroupId",
  "tags",
]);
const alerts = part("EndpointAlerts", endpointAlertsRules, endpointAlertsConstraints, [
  "endpointId",
  "actionGroupIds",
  "tags",
]);
const budget = part("Budget", budgetRules, budgetConstraints, ["scope"]);
const model = part("MlflowModel", mlflowModelRules, mlflowModelConstraints, [
  "workspaceId",
  "registryId",
  "tags",
]);
const endpoint = part<OnlineEndpointArgs, FromWorkspace>(
  "OnlineEndpoint",
  { ...onlineEndpointRules, authMode: optional(oneOf("AADToken", "Key")) },
  [],
  fromWorkspace,
);
const deployment = part("RollingDeployment", rollingDeploymentRules, rollingDeploymentConstraints, [
  "endpointId",
  "model",
  "location",
  "tags",
]);

export const mlflowStackRules: Rules<MlflowStackArgs> = {
  location,
  namePrefix: optional(text("text with a letter or digit", /[a-zA-Z0-9]/)),
  protectData: optional(flag()),
  workspace: optional(partRule(workspace)),
  clusters: optional(recordOf(partRule(cluster))),
  computeInstances: optional(recordOf(partRule(instance))),
  kubernetesComputes: optional(recordOf(partRule(kubernetes))),
  datastores: optional(recordOf(partRule(datastore))),
  environments: optional(recordOf(partRule(environment))),
  dataAssets: optional(recordOf(partRule(dataAsset))),
  connections: optional(recordOf(partRule(connection))),
  model: partRule(model),
  endpoint: optional(partRule(endpoint)),
  deployment: partRule(deployment),
  alerts: optional(partRule(alerts)),
  budget: optional(partRule(budget)),
  tags: optional(tags),
};

/** The parts' own rules, before any of them is declared. */
export const mlflowStackConstraints: readonly Constraint<MlflowStackArgs>[] = [
  {
    id: "mlflow-stack-parts",
    source: "the rules of each part",
    problems: (args) => [
      ...partProblems(workspace, "workspace", args.workspace),
      ...partsProblems(cluster, "clusters", args.clusters, networkOf(args)),
      ...partsProblems(instance, "computeInstances", args.computeInstances, networkOf(args)),
      ...partsProblems(kubernetes, "kubernetesComputes", args.kubernetesComputes),
      ...partsProblems(datastore, "datastores", args.datastores),
      ...partsProblems(environment, "environments", args.environments),
      ...partsProblems(dataAsset, "dataAssets", args.dataAssets),
      ...partsProblems(connection, "connections", args.connections),
      ...partProblems(model, "model", args.model, { workspaceId: LATER }),
      ...partProblems(endpoint, "endpoint", args.endpoint),
      ...partProblems(deployment, "deployment", args.deployment),
      ...alertProblems(args.alerts),
      ...partProblems(budget, "budget", args.budget),
    ],
  },
];

/** What of their network the computes are given, as far as their rules ask for it. */
function networkOf({ workspace: settings }: Known<MlflowStackArgs>): {
  readonly subnetId?: Later;
  readonly managedNetwork?: boolean;
} {
  const isolation = settings !== undefined && isKnown(settings) ? settings.isolation : undefined;
  switch (isolation?.mode) {
    case undefined:
    case "public":
      return {};
    case "private":
      return { subnetId: LATER };
    default:
      return { managedNetwork: true };
  }
}

function alertProblems(args: Known<StackAlerts> | undefined): readonly Problem[] {
  if (args === undefined || !isKnown(args)) return [];
  const { actionGroup: who, capacity, ...others } = args;
  const known = capacity === undefined ? {} : { capacity: { ...capacity, deploymentId: LATER as Later } };
  return [
    ...partProblems(actionGroup, "alerts.actionGroup", who),
    ...partProblems(alerts, "alerts", others, known),
  ];
}
