import * as insights from "@pulumi/azure-native/applicationinsights";
import * as registries from "@pulumi/azure-native/containerregistry";
import * as vaults from "@pulumi/azure-native/keyvault";
import * as identities from "@pulumi/azure-native/managedidentity";
import * as logs from "@pulumi/azure-native/operationalinsights";
import * as storage from "@pulumi/azure-native/storage";
import * as pulumi from "@pulumi/pulumi";
import { resourceParts } from "../providers/clients/arm-id";
import { Purge } from "../providers/purge/resource";
import { after } from "./after";
import type { Isolation } from "./isolation";
import { azureName, type AzureNameKind } from "./naming";
import { registryAccess, storageAccess, vaultAccess } from "./network-access";
import { withHelp } from "./refusals";
import type { Tags } from "./tags";
import type { OnDelete } from "./workspace-args";

/** What every part of a workspace is declared with. */
export interface PartContext {
  readonly name: string;
  readonly parent: pulumi.Resource;
  readonly prefix: string;
  readonly suffix: pulumi.Output<string>;
  readonly location: pulumi.Input<string>;
  /** ARM id. */
  readonly resourceGroupId: pulumi.Output<string>;
  readonly onDelete: pulumi.Input<OnDelete>;
  readonly isolation: Isolation | undefined;
  readonly tags: Tags | undefined;
}

export function nameOf({ prefix, suffix }: PartContext, kind: AzureNameKind): pulumi.Output<string> {
  return suffix.apply((tail) => azureName(kind, prefix, tail));
}

export function common({ location, resourceGroupId, tags }: PartContext): {
  location: pulumi.Input<string>;
  resourceGroupName: pulumi.Output<string>;
  tags: Tags | undefined;
} {
  const resourceGroupName = resourceGroupId.apply((id) => resourceParts(id).resourceGroupName);
  return { location, resourceGroupName, tags };
}

export interface UserAssignedIdentity {
  /** ARM id. */
  readonly id: pulumi.Output<string>;
  /** Object id. */
  readonly principalId: pulumi.Output<string>;
}

export function createIdentity(context: PartContext): UserAssignedIdentity {
  const { resourceGroupName, ...rest } = common(context);
  const identity = new identities.UserAssignedIdentity(
    `${context.name}-identity`,
    { ...rest, resourceGroupName, resourceName: nameOf(context, "userAssignedIdentity") },
    { parent: context.parent },
  );
  // Asked of Azure, because a preview of a change of the identity's tags knows its name but not this output: it would show every role
  // as replaced.
  const { principalId } = identities.getUserAssignedIdentityOutput(
    { resourceGroupName, resourceName: identity.name },
    { parent: context.parent },
  );
  return { id: identity.id, principalId };
}

/** The identity with that ARM id. */
export function findIdentity(id: pulumi.Input<string>, parent: pulumi.Resource): UserAssignedIdentity {
  const known = pulumi.output(id);
  const { principalId } = identities.getUserAssignedIdentityOutput(
    {
      resourceGroupName: known.apply((text) => resourceParts(text).resourceGroupName),
      resourceName: known.apply((text) => text.slice(text.lastIndexOf("/") + 1)),
    },
    { parent },
  );
  return { id: known, principalId };
}

/** Without shared keys, public blobs, old TLS and copies into other tenants. */
export function createStorage(context: PartContext): pulumi.Output<string> {
  const account = new storage.StorageAccount(
    `${context.name}-storage`,
    {
      ...common(context),
      accountName: nameOf(context, "storageAccount"),
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
      allowSharedKeyAccess: false,
      defaultToOAuthAuthentication: true,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      enableHttpsTrafficOnly: true,
      minimumTlsVersion: "TLS1_2",
      ...storageAccess(context.isolation),
    },
    { parent: context.parent },
  );
  return account.id;
}

/** Opened by roles alone. Purge protection can't be taken back, so there is none where the vault is to be purged. */
export function createKeyVault(context: PartContext, tenantId: pulumi.Output<string>): pulumi.Output<string> {
  const { resourceGroupId, location, onDelete } = context;
  const vaultName = nameOf(context, "keyVault");
  const subscription = resourceGroupId.apply((id) => resourceParts(id).subscriptionId);
  const purge = new Purge(
    `${context.name}-vault-purge`,
    {
      targetId: pulumi.interpolate`/subscriptions/${subscription}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${vaultName}`,
      onDelete,
    },
    { parent: context.parent, protect: false },
  );
  const vault = new vaults.Vault(
    `${context.name}-vault`,
    {
      ...common(context),
      vaultName,
      properties: {
        tenantId,
        sku: { family: "A", name: "standard" },
        enableRbacAuthorization: true,
        enableSoftDelete: true,
        enablePurgeProtection: pulumi.output(onDelete).apply((mode) => (mode === "purge" ? undefined : true)),
        ...vaultAccess(context.isolation),
      },
    },
    { parent: context.parent, dependsOn: purge, hooks: withHelp() },
  );
  return vault.id;
}

/** A Log Analytics workspace. @returns its ARM id, for whose users it is as if they came after its purge */
export function createLogAnalytics(context: PartContext): pulumi.Output<string> {
  const workspace = new logs.Workspace(
    `${context.name}-logs`,
    {
      ...common(context),
      workspaceName: nameOf(context, "logAnalytics"),
      sku: { name: "PerGB2018" },
      retentionInDays: 30,
    },
    { parent: context.parent },
  );
  const purge = new Purge(
    `${context.name}-logs-purge`,
    { targetId: workspace.id, onDelete: context.onDelete },
    { parent: context.parent, protect: false },
  );
  return after(workspace.id, [purge]);
}

/** Application Insights, keeping what it is sent in Log Analytics. */
export function createApplicationInsights(
  context: PartContext,
  logAnalyticsId: pulumi.Input<string> | undefined,
): pulumi.Output<string> {
  const component = new insights.Component(
    `${context.name}-insights`,
    {
      ...common(context),
      resourceName: nameOf(context, "applicationInsights"),
      applicationType: "web",
      kind: "web",
      ingestionMode: "LogAnalytics",
      workspaceResourceId: logAnalyticsId,
    },
    { parent: context.parent },
  );
  return component.id;
}

export function createContainerRegistry(context: PartContext): pulumi.Output<string> {
  const registry = new registries.Registry(
    `${context.name}-registry`,
    {
      ...common(context),
      registryName: nameOf(context, "containerRegistry"),
      sku: { name: "Premium" },
      adminUserEnabled: false,
      anonymousPullEnabled: false,
      ...registryAccess(context.isolation),
    },
    { parent: context.parent },
  );
  return registry.id;
}
