import * as ml from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import { resourceParts, workspaceParts } from "../providers/clients/arm-id";
import {
  integer,
  objectOf,
  oneOf,
  optional,
  recordOf,
  rule,
  tags,
  text,
  type Rules,
} from "../providers/rules";
import { checkArgs } from "./args";
import { ComputeCluster } from "./compute-cluster";
import { MlflowModel } from "./mlflow-model";
import { azureName } from "./naming";
import { OnlineDeployment } from "./online-deployment";
import { OnlineEndpoint } from "./online-endpoint";
import { createSuffix } from "./suffix";
import type { Tags } from "./tags";
import { Workspace } from "./workspace";
import { dataContributor, location, onDelete, type DataContributor, type OnDelete } from "./workspace-args";

/** The cluster that trains. */
export interface StackCompute {
  /** Azure VM size. */
  readonly vmSize: pulumi.Input<string>;
  readonly minNodes: pulumi.Input<number>;
  readonly maxNodes: pulumi.Input<number>;
  /** Seconds after a job before its node goes. */
  readonly idleSeconds: pulumi.Input<number>;
}

/** The model that is served. */
export interface StackModel {
  /** Name of the registered model. */
  readonly name: pulumi.Input<string>;
  /** Folder with an `MLmodel`, relative to the program's folder. */
  readonly path: pulumi.Input<string>;
  /** `retain` or `delete`: what becomes of versions that the stack no longer needs. */
  readonly onDelete: pulumi.Input<"retain" | "delete">;
}

/** How it is served. */
export interface StackServing {
  /** `AADToken` or `Key`. Not an output: it decides whether there is a key. */
  readonly authMode: "AADToken" | "Key";
  /** Azure VM size. */
  readonly instanceType: pulumi.Input<string>;
  readonly instances: pulumi.Input<number>;
}

export interface MlflowStackArgs {
  /** Azure region, as `westeurope`. */
  readonly location: pulumi.Input<string>;
  /** What the Azure names are made of, as `churn-dev`. The component's name by default. */
  readonly namePrefix?: string;
  /** `create` for a container registry of the workspace's own, or the ARM id of one. */
  readonly containerRegistry?: pulumi.Input<string>;
  /** Who uploads models and data: Storage Blob Data Contributor on the storage account. */
  readonly dataContributors?: Readonly<Record<string, DataContributor>>;
  /** `softDelete` (the default) or `purge`: what becomes of workspace and vault when they are deleted. */
  readonly onDelete?: pulumi.Input<OnDelete>;
  /** Whether Pulumi refuses to delete the workspace and what holds data. False by default. */
  readonly protectData?: boolean;
  readonly compute: StackCompute;
  readonly model: StackModel;
  readonly serving: StackServing;
  /** Of every resource. */
  readonly tags?: Tags;
}

export const mlflowStackRules: Rules<MlflowStackArgs> = {
  location,
  namePrefix: optional(text("text with a letter or digit", /[a-zA-Z0-9]/)),
  containerRegistry: optional(text("create, or the ARM id of a container registry")),
  dataContributors: optional(recordOf(dataContributor)),
  onDelete: optional(onDelete),
  protectData: optional(rule((value) => typeof value === "boolean", "true or false")),
  compute: objectOf<StackCompute>({
    vmSize: text("an Azure VM size"),
    minNodes: integer(0, 1000),
    maxNodes: integer(1, 1000),
    idleSeconds: integer(60, 86_400),
  }),
  model: objectOf<StackModel>({
    name: text("a name"),
    path: text("the path of a folder"),
    onDelete: oneOf("retain", "delete"),
  }),
  serving: objectOf<StackServing>({
    authMode: oneOf("AADToken", "Key"),
    instanceType: text("an Azure VM size"),
    instances: integer(1, 50),
  }),
  tags: optional(tags),
};

/** From tracking to serving: a workspace, a cluster to train on, an MLflow model and the endpoint that serves it. */
export class MlflowStack extends pulumi.ComponentResource {
  declare readonly workspaceName: pulumi.Output<string>;
  /** What `MLFLOW_TRACKING_URI` is set to. */
  declare readonly trackingUri: pulumi.Output<string>;
  declare readonly modelName: pulumi.Output<string>;
  declare readonly modelVersion: pulumi.Output<string>;
  declare readonly scoringUri: pulumi.Output<string>;
  /** Secret; undefined where callers sign in with Entra tokens. */
  declare readonly endpointKey: pulumi.Output<string> | undefined;

  constructor(name: string, args: MlflowStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:MlflowStack", name, {}, opts);
    args = checkArgs("MlflowStack", name, args, mlflowStackRules);

    const suffix = createSuffix(name, this);
    const workspace = createWorkspace(name, args, suffix, this);
    const { location, tags } = args;
    const workspaceId = workspace.id;
    // Nodes without addresses of their own need a private network, which this workspace does not have.
    new ComputeCluster(
      `${name}-cluster`,
      { workspaceId, location, tags, ...args.compute, nodePublicIp: true },
      { parent: this },
    );
    const model = createModel(name, args, workspace, this);
    const { authMode, ...machines } = args.serving;
    const endpoint = new OnlineEndpoint(
      `${name}-endpoint`,
      {
        workspaceId,
        location,
        tags,
        endpointName: suffix.apply((tail) => azureName("onlineEndpoint", args.namePrefix ?? name, tail)),
        authMode,
      },
      { parent: this },
    );
    const deployment = new OnlineDeployment(
      `${name}-deployment`,
      { location, tags, ...machines, endpointId: endpoint.id, model: model.id },
      { parent: this },
    );
    endpoint.route([{ deployment, percent: 100 }]);

    this.workspaceName = workspace.name;
    this.trackingUri = workspace.trackingUri;
    this.modelName = model.name;
    this.modelVersion = model.version;
    this.scoringUri = endpoint.scoringUri;
    this.endpointKey = authMode === "Key" ? keyOf(endpoint, this) : undefined;
    this.registerOutputs({
      workspaceName: this.workspaceName,
      trackingUri: this.trackingUri,
      modelName: this.modelName,
      modelVersion: this.modelVersion,
      scoringUri: this.scoringUri,
      endpointKey: this.endpointKey,
    });
  }
}

function createWorkspace(
  name: string,
  {
    location,
    namePrefix = name,
    containerRegistry,
    dataContributors,
    onDelete,
    protectData,
    tags,
  }: MlflowStackArgs,
  nameSuffix: pulumi.Output<string>,
  parent: pulumi.Resource,
): Workspace {
  return new Workspace(
    `${name}-workspace`,
    { location, namePrefix, nameSuffix, containerRegistry, dataContributors, onDelete, tags },
    { parent, protect: protectData ?? false },
  );
}

function createModel(
  name: string,
  { model, tags }: MlflowStackArgs,
  workspace: Workspace,
  parent: pulumi.Resource,
): MlflowModel {
  const { name: modelName, path, onDelete } = model;
  return new MlflowModel(
    `${name}-model`,
    { workspaceId: workspace.id, modelName, path, onDelete, tags },
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
