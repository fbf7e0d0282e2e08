import { getClientConfigOutput } from "@pulumi/azure-native/authorization";
import * as ml from "@pulumi/azure-native/machinelearningservices";
import { ResourceGroup } from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { Purge } from "../providers/purge/resource";
import { resourceParts } from "../providers/clients/arm-id";
import { after } from "./after";
import { checkArgs } from "./args";
import { computeSubnetOf, needsRegistry, privateEndpointsOf } from "./isolation";
import { createManagedNetwork, managedNetworkArgs, managedNetworkLive } from "./managed-network";
import { azureName } from "./naming";
import { workspaceAccess } from "./network-access";
import { createPrivateEndpoints } from "./private-endpoints";
import { withHelp } from "./refusals";
import { assignRole, type Role } from "./roles";
import { studio } from "./studio";
import { createSuffix } from "./suffix";
import {
  workspaceConstraints,
  workspaceRules,
  type CustomerManagedKey,
  type DataContributor,
  type ServerlessCompute,
  type WorkspaceArgs,
} from "./workspace-args";
import { createDiagnostics, createLocks } from "./workspace-guards";
import {
  createApplicationInsights,
  createContainerRegistry,
  createIdentity,
  createKeyVault,
  createLogAnalytics,
  createStorage,
  findIdentity,
  nameOf,
  type PartContext,
  type UserAssignedIdentity,
} from "./workspace-parts";

/**
 * An Azure Machine Learning workspace and what it stands on: resource group, storage account, key vault, Application Insights with
 * Log Analytics, on request a container registry, and the identity that it acts as, with its roles. Each is created, or brought along by its
 * ARM id. Azure takes its time until a role has effect: the workspace is tried until it has.
 *
 * Costs: storage and log data by what they hold, a Premium registry by the day, the workspace itself nothing.
 */
export class Workspace extends pulumi.ComponentResource {
  /** ARM id. What uses it is made after the workspace's roles, and deleted before the workspace. */
  declare readonly id: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;
  /** MLflow's tracking and registry address, as ARM tells it. */
  declare readonly trackingUri: pulumi.Output<string>;
  /** The workspace in Azure Machine Learning studio. */
  declare readonly studioUrl: pulumi.Output<string>;
  /** Object id of who the workspace acts as: who is given a role on what it shall reach. */
  declare readonly principalId: pulumi.Output<string>;
  /** ARM id of the user-assigned identity; undefined where the workspace has none. */
  declare readonly identityId: pulumi.Output<string> | undefined;
  /** ARM id. */
  declare readonly storageAccountId: pulumi.Output<string>;
  /** ARM id of the Log Analytics workspace that has its logs: diagnostic settings of endpoints take it. Undefined where there is none. */
  declare readonly logAnalyticsId: pulumi.Output<string> | undefined;
  declare readonly location: pulumi.Output<string>;
  /** ARM id of the subnet that computes are made in; none unless `isolation` is `private`. */
  declare readonly computeSubnetId: pulumi.Output<string> | undefined;
  /** Whether computes are in a network that Azure manages. */
  declare readonly managedNetwork: pulumi.Output<boolean>;

  constructor(name: string, args: WorkspaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:Workspace", name, {}, opts);
    args = checkArgs("Workspace", name, args, workspaceRules, workspaceConstraints);
    const { identityType = "UserAssigned", customerManagedKey, isolation, serverlessCompute } = args;

    const context = contextOf(name, args, this);
    const tenantId = getClientConfigOutput({ parent: this }).tenantId;
    const identity = identityType === "SystemAssigned" ? undefined : identityOf(context, args.identityId);
    const given = args.assignRoles === false ? undefined : identity;
    const parts = createParts(context, args, tenantId);
    const partRoles = given === undefined ? [] : givePartRoles(context, given, parts, customerManagedKey);
    const inputs: ml.WorkspaceArgs = {
      workspaceName: nameOf(context, "workspace"),
      resourceGroupName: context.resourceGroupId.apply((id) => resourceParts(id).resourceGroupName),
      location: args.location,
      kind: "Default",
      sku: { name: "Basic", tier: "Basic" },
      identity: {
        type: identityType,
        ...(identity === undefined ? {} : { userAssignedIdentities: [identity.id] }),
      },
      // Where the workspace has an identity of its own, that one acts.
      primaryUserAssignedIdentity: identityType === "UserAssigned" ? identity?.id : undefined,
      storageAccount: parts.storage,
      keyVault: parts.vault,
      applicationInsights: parts.insights,
      containerRegistry: parts.registry,
      systemDatastoresAuthMode: "Identity",
      encryption: encryptionOf(customerManagedKey, identity),
      imageBuildCompute: args.imageBuildCompute,
      serverlessComputeSettings: serverlessSettingsOf(serverlessCompute),
      publicNetworkAccess: workspaceAccess(isolation),
      managedNetwork: managedNetworkArgs(isolation),
      v1LegacyMode: false,
      description: args.description,
      tags: args.tags,
    };
    const workspace = new ml.Workspace(name, inputs, {
      parent: this,
      dependsOn: partRoles,
      hooks: withHelp(),
      ignoreChanges: managedNetworkLive,
    });
    const workspaceRoles =
      given === undefined
        ? []
        : [giveToIdentity(context, "workspace", "contributor", given.principalId, workspace.id)];
    // An identity of the workspace's own is given its roles by Azure, on the whole resource group.
    const reader = identityType === "UserAssigned" ? given : undefined;
    const network = createNetwork(
      context,
      { workspace, inputs, ...parts },
      workspaceRoles,
      reader?.principalId,
    );
    const dataRoles = giveDataRoles(context, args.dataContributors ?? {}, parts.storage);
    const purge = new Purge(
      `${name}-purge`,
      { targetId: workspace.id, onDelete: context.onDelete },
      { parent: this, protect: false },
    );
    if (parts.logs !== undefined && args.diagnostics !== false)
      createDiagnostics(context, workspace.id, parts.logs);
    if (args.lock === "CanNotDelete") createLocks(context, args, parts, [...partRoles, ...dataRoles]);

    this.id = after(workspace.id, [...workspaceRoles, ...dataRoles, ...network, purge]);
    this.name = workspace.name;
    this.trackingUri = workspace.mlFlowTrackingUri;
    this.studioUrl = pulumi.interpolate`${studio()}/?wsid=${workspace.id}&tid=${tenantId}`;
    this.principalId =
      identityType === "UserAssigned" && identity !== undefined
        ? identity.principalId
        : workspace.identity.apply((own) => own?.principalId ?? "");
    this.identityId = identity?.id;
    this.storageAccountId = parts.storage;
    this.logAnalyticsId = parts.logs;
    this.location = pulumi.output(args.location);
    const subnetId = computeSubnetOf(isolation);
    this.computeSubnetId = subnetId === undefined ? undefined : pulumi.output(subnetId);
    this.managedNetwork = pulumi.output(managedNetworkArgs(isolation) !== undefined);
    this.registerOutputs({
      id: this.id,
      name: this.name,
      trackingUri: this.trackingUri,
      studioUrl: this.studioUrl,
      principalId: this.principalId,
      identityId: this.identityId,
      storageAccountId: this.storageAccountId,
      logAnalyticsId: this.logAnalyticsId,
      location: this.location,
      computeSubnetId: this.computeSubnetId,
      managedNetwork: this.managedNetwork,
    });
  }
}

function identityOf(context: PartContext, id: pulumi.Input<string> | undefined): UserAssignedIdentity {
  return id === undefined ? createIdentity(context) : findIdentity(id, context.parent);
}

function encryptionOf(
  key: CustomerManagedKey | undefined,
  identity: UserAssignedIdentity | undefined,
): ml.WorkspaceArgs["encryption"] {
  if (key === undefined || identity === undefined) return undefined;
  return {
    status: "Enabled",
    keyVaultProperties: { keyVaultArmId: key.keyVaultId, keyIdentifier: key.keyIdentifier },
    identity: { userAssignedIdentity: identity.id },
  };
}

function serverlessSettingsOf(
  serverless: ServerlessCompute | undefined,
): ml.WorkspaceArgs["serverlessComputeSettings"] {
  if (serverless === undefined) return undefined;
  return {
    serverlessComputeCustomSubnet: serverless.subnetId,
    serverlessComputeNoPublicIP: pulumi.output(serverless.publicIp).apply((publicIp) => publicIp !== true),
  };
}

function contextOf(name: string, args: WorkspaceArgs, parent: pulumi.Resource): PartContext {
  const prefix = args.namePrefix ?? name;
  const suffix = args.nameSuffix === undefined ? createSuffix(name, parent) : pulumi.output(args.nameSuffix);
  const { isolation, location, tags } = args;
  const resourceGroupId =
    brought(args.resourceGroupId) ??
    new ResourceGroup(
      `${name}-group`,
      {
        resourceGroupName: suffix.apply((tail) => azureName("resourceGroup", prefix, tail)),
        location,
        tags,
      },
      { parent },
    ).id;
  const onDelete = args.onDelete ?? "softDelete";
  return { name, parent, prefix, suffix, location, resourceGroupId, onDelete, isolation, tags };
}

/** ARM ids of what a workspace stands on. */
interface Parts {
  readonly storage: pulumi.Output<string>;
  readonly vault: pulumi.Output<string>;
  readonly insights: pulumi.Output<string>;
  readonly registry: pulumi.Output<string> | undefined;
  /** Undefined where nothing needs one. */
  readonly logs: pulumi.Output<string> | undefined;
}

function createParts(context: PartContext, args: WorkspaceArgs, tenantId: pulumi.Output<string>): Parts {
  const logs =
    args.applicationInsightsId === undefined || args.diagnostics !== false
      ? (brought(args.logAnalyticsId) ?? createLogAnalytics(context))
      : undefined;
  const registry = args.containerRegistry ?? (needsRegistry(args.isolation) ? "create" : undefined);
  return {
    storage: brought(args.storageAccountId) ?? createStorage(context),
    vault: brought(args.keyVaultId) ?? createKeyVault(context, tenantId),
    insights: brought(args.applicationInsightsId) ?? createApplicationInsights(context, logs),
    registry: registry === "create" ? createContainerRegistry(context) : brought(registry),
    logs,
  };
}

/** What makes the isolation real, besides what is closed: the managed network with its rules, the private endpoints. */
function createNetwork(
  context: PartContext,
  {
    workspace,
    inputs,
    ...parts
  }: Parts & { readonly workspace: ml.Workspace; readonly inputs: ml.WorkspaceArgs },
  roles: readonly pulumi.Resource[],
  readerId: pulumi.Output<string> | undefined,
): pulumi.Resource[] {
  const { name, parent, isolation } = context;
  const endpoints = privateEndpointsOf(isolation);
  const inbound =
    endpoints === undefined
      ? []
      : createPrivateEndpoints(context, endpoints, { ...parts, workspace: workspace.id }, readerId);
  if (isolation?.mode !== "managedOutbound" && isolation?.mode !== "managedApprovedOnly") return inbound;
  return [...inbound, createManagedNetwork(name, isolation, workspace, inputs, roles, parent)];
}

function brought(id: pulumi.Input<string> | undefined): pulumi.Output<string> | undefined {
  return id === undefined ? undefined : pulumi.output(id);
}

/** What a workspace's identity must hold before the workspace is made, as Microsoft lists it. */
function givePartRoles(
  context: PartContext,
  { principalId }: UserAssignedIdentity,
  parts: Parts,
  key: CustomerManagedKey | undefined,
): pulumi.Resource[] {
  const give = (suffix: string, role: Role, scope: pulumi.Output<string>): pulumi.Resource =>
    giveToIdentity(context, suffix, role, principalId, scope);
  return [
    give("storage", "contributor", parts.storage),
    give("storage-data", "storageBlobDataContributor", parts.storage),
    give("vault", "contributor", parts.vault),
    give("vault-data", "keyVaultAdministrator", parts.vault),
    give("insights", "contributor", parts.insights),
    ...(parts.registry === undefined ? [] : [give("registry", "contributor", parts.registry)]),
    ...(key === undefined
      ? []
      : [give("key", "keyVaultCryptoServiceEncryptionUser", pulumi.output(key.keyVaultId))]),
  ];
}

function giveToIdentity(
  { name, parent }: PartContext,
  suffix: string,
  role: Role,
  principalId: pulumi.Output<string>,
  scope: pulumi.Output<string>,
): pulumi.Resource {
  const principalType = "ServicePrincipal";
  return assignRole(`${name}-identity-${suffix}`, { role, scope, principalId, principalType }, { parent });
}

function giveDataRoles(
  { name, parent }: PartContext,
  contributors: Readonly<Record<string, DataContributor>>,
  scope: pulumi.Output<string>,
): pulumi.Resource[] {
  return Object.entries(contributors).map(([key, { objectId, principalType = "ServicePrincipal" }]) =>
    assignRole(
      `${name}-data-${key}`,
      { role: "storageBlobDataContributor", scope, principalId: objectId, principalType },
      { parent },
    ),
  );
}
