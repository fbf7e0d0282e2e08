import * as ml from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import { resourceGroupIdOf, resourceParts, workspaceParts } from "../providers/clients/arm-id";
import { ActionGroup } from "./action-group";
import { checkArgs } from "./args";
import { Budget } from "./budget";
import { hasOwnIdentity, type ComputeAccess } from "./compute";
import { ComputeCluster } from "./compute-cluster";
import { ComputeInstance } from "./compute-instance";
import { Connection } from "./connection";
import { DataAsset } from "./data-asset";
import { Datastore } from "./datastore";
import { EndpointAlerts } from "./endpoint-alerts";
import { Environment } from "./environment";
import { KubernetesCompute } from "./kubernetes-compute";
import { MlflowModel } from "./mlflow-model";
import {
  mlflowStackConstraints,
  mlflowStackRules,
  type MlflowStackArgs,
  type StackAlerts,
} from "./mlflow-stack-args";
import { azureName } from "./naming";
import { OnlineEndpoint } from "./online-endpoint";
import { RollingDeployment } from "./rolling-deployment";
import { createSuffix } from "./suffix";
import type { Tags } from "./tags";
import { Workspace } from "./workspace";

/**
 * From tracking to serving: a workspace, a cluster to train on, an MLflow model and the endpoint that serves it. Another model is all that a
 * rollout takes: it is made beside the one that serves, proven, and takes its place step by step.
 */
export class MlflowStack extends pulumi.ComponentResource {
  /** ARM id of the workspace; with `location` what a program of another stack needs to add to it. */
  declare readonly workspaceId: pulumi.Output<string>;
  /** Azure region of the workspace. */
  declare readonly location: pulumi.Output<string>;
  declare readonly workspaceName: pulumi.Output<string>;
  /** What `MLFLOW_TRACKING_URI` is set to. */
  declare readonly trackingUri: pulumi.Output<string>;
  declare readonly modelName: pulumi.Output<string>;
  declare readonly modelVersion: pulumi.Output<string>;
  /** Of the model's content: what a later environment expects (`expectedDigest`). */
  declare readonly modelDigest: pulumi.Output<string>;
  declare readonly scoringUri: pulumi.Output<string>;
  /** ARM id of the endpoint: what `npx pulumi-azureml rollout …` takes. */
  declare readonly endpointId: pulumi.Output<string>;
  /** Name of the deployment that the model and configuration make. */
  declare readonly generation: pulumi.Output<string>;
  /** How far that is, as of `RollingDeployment`: `Serving`, `Paused`, `Advancing` or `RolledBack`. */
  declare readonly phase: pulumi.Output<string>;
  /** Secret; undefined where callers sign in with Entra tokens. Pulumi's debug events (`up --debug`, `up --json`) show it, as they show what any call returned: publish none. */
  declare readonly endpointKey: pulumi.Output<string> | undefined;

  constructor(name: string, args: MlflowStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:MlflowStack", name, {}, opts);
    args = checkArgs("MlflowStack", name, args, mlflowStackRules, mlflowStackConstraints);

    const suffix = createSuffix(name, this);
    const workspace = createWorkspace(name, args, suffix, this);
    const { location, tags } = args;
    const common = { workspaceId: workspace.id, location, tags };
    declareComputes(name, args, workspace, this);
    declareAssets(name, args, workspace.id, this);
    const model = new MlflowModel(
      `${name}-model`,
      { ...args.model, workspaceId: workspace.id, tags },
      { parent: this },
    );
    const { authMode = "AADToken", ...settings } = args.endpoint ?? {};
    const endpoint = new OnlineEndpoint(
      `${name}-endpoint`,
      {
        endpointName: suffix.apply((tail) => azureName("onlineEndpoint", args.namePrefix ?? name, tail)),
        ...settings,
        ...common,
        authMode,
      },
      { parent: this },
    );
    const deployment = new RollingDeployment(
      `${name}-deployment`,
      {
        foreignTraffic: "take",
        ...args.deployment,
        location,
        tags,
        endpointId: endpoint.id,
        model: model.id,
      },
      { parent: this },
    );
    const resourceGroupId = workspace.id.apply(resourceGroupIdOf);
    if (args.alerts !== undefined)
      declareAlerts(name, args.alerts, { resourceGroupId, endpoint, deployment, tags }, this);
    if (args.budget !== undefined)
      new Budget(`${name}-budget`, { ...args.budget, scope: resourceGroupId }, { parent: this });

    this.workspaceId = workspace.id;
    this.location = workspace.location;
    this.workspaceName = workspace.name;
    this.trackingUri = workspace.trackingUri;
    this.modelName = model.name;
    this.modelVersion = model.version;
    this.modelDigest = model.digest;
    this.scoringUri = endpoint.scoringUri;
    this.endpointId = endpoint.id;
    this.generation = deployment.generation;
    this.phase = deployment.phase;
    this.endpointKey = authMode === "Key" ? keyOf(endpoint, this) : undefined;
    this.registerOutputs({
      workspaceId: this.workspaceId,
      location: this.location,
      workspaceName: this.workspaceName,
      trackingUri: this.trackingUri,
      modelName: this.modelName,
      modelVersion: this.modelVersion,
      modelDigest: this.modelDigest,
      scoringUri: this.scoringUri,
      endpointId: this.endpointId,
      generation: this.generation,
      phase: this.phase,
      endpointKey: this.endpointKey,
    });
  }
}

function createWorkspace(
  name: string,
  { location, namePrefix = name, workspace, protectData, tags }: MlflowStackArgs,
  nameSuffix: pulumi.Output<string>,
  parent: pulumi.Resource,
): Workspace {
  return new Workspace(
    `${name}-workspace`,
    { ...workspace, location, namePrefix, nameSuffix, tags },
    { parent, protect: protectData ?? false },
  );
}

function declareComputes(
  name: string,
  { location, tags, clusters = {}, computeInstances = {}, kubernetesComputes = {} }: MlflowStackArgs,
  workspace: Workspace,
  parent: pulumi.Resource,
): void {
  const given = { workspaceId: workspace.id, location, tags };
  const inNetwork = {
    ...given,
    subnetId: workspace.computeSubnetId,
    managedNetwork: workspace.managedNetwork,
  };
  // Who brings a compute's identities gives them their roles, too.
  const access = (owns: boolean): ComputeAccess =>
    owns ? { storageAccountId: workspace.storageAccountId } : {};
  for (const [key, cluster] of Object.entries(clusters))
    new ComputeCluster(
      `${name}-cluster-${key}`,
      { ...cluster, ...inNetwork, ...access(hasOwnIdentity(cluster.identity ?? { systemAssigned: true })) },
      { parent },
    );
  for (const [key, instance] of Object.entries(computeInstances))
    new ComputeInstance(
      `${name}-instance-${key}`,
      {
        ...instance,
        ...inNetwork,
        ...access(hasOwnIdentity(instance.identity ?? { systemAssigned: false })),
      },
      { parent },
    );
  for (const [key, compute] of Object.entries(kubernetesComputes))
    new KubernetesCompute(
      `${name}-kubernetes-${key}`,
      { ...compute, ...given, ...access(hasOwnIdentity(compute.identity ?? { systemAssigned: true })) },
      { parent },
    );
}

function declareAssets(
  name: string,
  { tags, datastores = {}, environments = {}, dataAssets = {}, connections = {} }: MlflowStackArgs,
  workspaceId: pulumi.Output<string>,
  parent: pulumi.Resource,
): void {
  const given = { workspaceId, tags };
  const declared = Object.entries(datastores).map(
    ([key, datastore]) => new Datastore(`${name}-datastore-${key}`, { ...datastore, ...given }, { parent }),
  );
  for (const [key, environment] of Object.entries(environments))
    new Environment(`${name}-environment-${key}`, { ...environment, ...given }, { parent });
  // Data may be in one of the datastores.
  for (const [key, dataAsset] of Object.entries(dataAssets))
    new DataAsset(`${name}-data-${key}`, { ...dataAsset, ...given }, { parent, dependsOn: declared });
  for (const [key, connection] of Object.entries(connections))
    new Connection(`${name}-connection-${key}`, { ...connection, workspaceId }, { parent });
}

function declareAlerts(
  name: string,
  { actionGroup, capacity, ...alerts }: StackAlerts,
  {
    resourceGroupId,
    endpoint,
    deployment,
    tags,
  }: {
    readonly resourceGroupId: pulumi.Output<string>;
    readonly endpoint: OnlineEndpoint;
    readonly deployment: RollingDeployment;
    readonly tags: Tags | undefined;
  },
  parent: pulumi.Resource,
): void {
  const told = new ActionGroup(`${name}-alerted`, { ...actionGroup, resourceGroupId, tags }, { parent });
  new EndpointAlerts(
    `${name}-alerts`,
    {
      ...alerts,
      capacity:
        capacity === undefined
          ? undefined
          : {
              ...capacity,
              deploymentId: pulumi.interpolate`${endpoint.id}/deployments/${deployment.generation}`,
            },
      endpointId: endpoint.id,
      actionGroupIds: [told.id],
      tags,
    },
    { parent },
  );
}

function keyOf(endpoint: OnlineEndpoint, parent: pulumi.Resource): pulumi.Output<string> {
  const workspace = endpoint.id.apply(workspaceParts);
  const keys = ml.listOnlineEndpointKeysOutput(
    {
      endpointName: endpoint.id.apply((id) => resourceParts(id).name),
      resourceGroupName: workspace.resourceGroupName,
      workspaceName: workspace.workspaceName,
    },
    { parent },
  );
  return pulumi.secret(keys.apply(({ primaryKey }) => primaryKey ?? ""));
}
