import type * as pulumi from "@pulumi/pulumi";
import { armId, objectOf, oneOf, optional, recordOf, tags, text, type Rules } from "../providers/rules";
import type { Tags } from "./tags";

/** What becomes of what Azure only hides when it is deleted. */
export type OnDelete = "softDelete" | "purge";

/** Who uploads models and data. */
export interface DataContributor {
  /** Object id: of a service principal or managed identity (not its application's client id), a user or a group. */
  readonly objectId: pulumi.Input<string>;
  /** `ServicePrincipal` (the default; a managed identity is one too), `User` or `Group`. */
  readonly principalType?: pulumi.Input<string>;
}

export interface WorkspaceArgs {
  /** Azure region, as `westeurope`. */
  readonly location: pulumi.Input<string>;
  /** What the Azure names are made of, as `churn-dev`: `mlw-churn-dev-x7k2p`. The component's name by default. */
  readonly namePrefix?: string;
  /** What ends names that are unique in the world: up to 8 lower-case letters and digits. A random one by default. */
  readonly nameSuffix?: pulumi.Input<string>;
  /** ARM id of the resource group that everything goes into. A new one by default. */
  readonly resourceGroupId?: pulumi.Input<string>;
  /** ARM id of the storage account. By default a new one without shared keys and public blobs. */
  readonly storageAccountId?: pulumi.Input<string>;
  /** ARM id of the key vault. By default a new one with role-based access, under purge protection unless `onDelete` is `purge`. */
  readonly keyVaultId?: pulumi.Input<string>;
  /** ARM id of the Application Insights component. By default a new one over a new Log Analytics workspace. */
  readonly applicationInsightsId?: pulumi.Input<string>;
  /**
   * `create` for a new registry (Premium, without its admin user), or the ARM id of one. By default there is none, and Azure ML makes
   * one of its own when it first builds an image.
   */
  readonly containerRegistry?: pulumi.Input<string>;
  /**
   * ARM id of the user-assigned identity that the workspace acts as. It brings its roles along: Contributor on all parts and the
   * workspace, Storage Blob Data Contributor, Key Vault Administrator. By default a new one, which is given them.
   */
  readonly identityId?: pulumi.Input<string>;
  /**
   * Who gets Storage Blob Data Contributor on the storage account, by a name of your choosing that stays: people and principals that run
   * `pulumi up` with a model to upload, or train outside of the workspace.
   */
  readonly dataContributors?: Readonly<Record<string, DataContributor>>;
  /**
   * `softDelete` (the default): Azure keeps workspace and vault for some days under their names. `purge`: they are gone at once, and can't be
   * had back.
   */
  readonly onDelete?: pulumi.Input<OnDelete>;
  /** Shown in the studio. */
  readonly description?: pulumi.Input<string>;
  /** Of every resource. */
  readonly tags?: Tags;
}

export const location = text("an Azure region, for instance westeurope", /^[a-z][a-z0-9]+$/);
export const resourceGroupId = text(
  "the ARM id of a resource group",
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/i,
);
export const onDelete = oneOf("softDelete", "purge");
export const guid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export const dataContributor = objectOf<DataContributor>({
  objectId: text("an object id: a GUID", guid),
  principalType: optional(oneOf("ServicePrincipal", "User", "Group")),
});

const registryId =
  "/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft.ContainerRegistry/registries/[^/]+";

export const workspaceRules: Rules<WorkspaceArgs> = {
  location,
  namePrefix: optional(text("text with a letter or digit", /[a-zA-Z0-9]/)),
  nameSuffix: optional(text("up to 8 lower-case letters and digits", /^[a-z0-9]{1,8}$/)),
  resourceGroupId: optional(resourceGroupId),
  storageAccountId: optional(armId("Microsoft.Storage/storageAccounts")),
  keyVaultId: optional(armId("Microsoft.KeyVault/vaults")),
  applicationInsightsId: optional(armId("Microsoft.Insights/components")),
  containerRegistry: optional(
    text("create, or the ARM id of a container registry", new RegExp(`^(create|${registryId})$`, "i")),
  ),
  identityId: optional(armId("Microsoft.ManagedIdentity/userAssignedIdentities")),
  dataContributors: optional(recordOf(dataContributor)),
  onDelete: optional(onDelete),
  description: optional(text("text", /^/)),
  tags: optional(tags),
};
