import type * as pulumi from "@pulumi/pulumi";
import { resourceParts } from "../providers/clients/arm-id";
import { armId, flag, objectOf, oneOf, optional, recordOf, tags, text, type Rules } from "../providers/rules";
import type { Constraint } from "./args";
import { azureComputeName } from "./compute";
import type { Isolation } from "./isolation";
import { isolationConstraints, isolationRule } from "./isolation-args";
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

/** A key of yours that encrypts what Azure ML keeps of the workspace, besides what is in the parts that it stands on. */
export interface CustomerManagedKey {
  /**
   * ARM id of the key vault: in the workspace's subscription, with purge protection, opened by roles (Azure RBAC). Fixed: a workspace stays with
   * the vault of its key. Not the vault that the workspace is made with, since the key must be there before.
   */
  readonly keyVaultId: pulumi.Input<string>;
  /** The key's address with its version, `https://kv-keys.vault.azure.net/keys/workspace/0123…`; RSA of 3072 bits is advised. Another key of the same vault can take its place. */
  readonly keyIdentifier: pulumi.Input<string>;
}

/** Where serverless jobs run. */
export interface ServerlessCompute {
  /** ARM id of the subnet that their nodes are in. */
  readonly subnetId: pulumi.Input<string>;
  /** Whether the nodes have addresses in the internet, too. False by default: what they reach is the subnet's matter. */
  readonly publicIp?: pulumi.Input<boolean>;
}

/** Whom a workspace acts as, in Azure's words. */
export type WorkspaceIdentityType = "UserAssigned" | "SystemAssigned" | "SystemAssigned,UserAssigned";

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
   * `create` for a new registry (Premium, without its admin user), or the ARM id of one (Premium, where it has a private endpoint). By
   * default there is none, and Azure ML makes one of its own when it first builds an image; where `isolation` closes something (any mode but `public`, or an `ipAllowList`) a new one.
   */
  readonly containerRegistry?: pulumi.Input<string>;
  /**
   * Whom the workspace acts as. `UserAssigned` (the default): an identity that is given its roles before, on each part by itself. `SystemAssigned`: the
   * workspace's own, which Azure gives its roles, on the whole resource group. `SystemAssigned,UserAssigned`: its own, and a user-assigned one besides
   * for jobs that name it. Azure never lets a workspace go back from both to `SystemAssigned`. Not an output: it decides what is declared.
   */
  readonly identityType?: WorkspaceIdentityType;
  /** ARM id of the user-assigned identity, in the provider's subscription. A new one by default. */
  readonly identityId?: pulumi.Input<string>;
  /**
   * Whether the user-assigned identity is given its roles here: Contributor on all parts and the workspace, Storage Blob Data Contributor, Key Vault
   * Administrator, Key Vault Crypto Service Encryption User on the vault of a customer-managed key, Reader on the storage account's private endpoints. True by default. Without, it must hold them, and whoever runs
   * `pulumi up` needs no right to assign roles for it.
   */
  readonly assignRoles?: boolean;
  /** By default Azure's own keys encrypt. Only when the workspace is made. Azure makes a resource group with Cosmos DB, AI Search and storage for it, which costs. */
  readonly customerManagedKey?: CustomerManagedKey;
  /**
   * Whether all logs and metrics of the workspace go to Log Analytics: who did what with jobs, models, data, computes. True by default; costs by what
   * is ingested.
   */
  readonly diagnostics?: boolean;
  /** ARM id of the Log Analytics workspace for diagnostics and for a new Application Insights. A new one by default. */
  readonly logAnalyticsId?: pulumi.Input<string>;
  /**
   * Azure's name of a compute cluster with CPUs, made here or to be made (its `computeName`), on which Azure ML builds images. By default it builds them on serverless
   * compute, which it can't where storage account or registry are closed: there a workspace that builds images needs the cluster.
   */
  readonly imageBuildCompute?: pulumi.Input<string>;
  /** By default serverless jobs run in a network of Azure's own. */
  readonly serverlessCompute?: ServerlessCompute;
  /**
   * `CanNotDelete`: Azure refuses to delete the storage account and the key vault, whoever asks, until the lock is gone; so are the roles on them. `pulumi destroy` removes it first.
   * A compute with a role on the storage account is replaced in three steps: `none`, the replacement, `CanNotDelete` again.
   * `none` (the default). The workspace itself and the resource group stay open: a lock there would keep clusters from shrinking and deployments from
   * being exchanged. Needs Owner or User Access Administrator.
   */
  readonly lock?: "none" | "CanNotDelete";
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
  /** Who reaches the workspace, and what its computes reach: from the internet and all of it by default. */
  readonly isolation?: Isolation;
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

const KEY_IDENTIFIER =
  /^https:\/\/([a-z0-9-]{3,24})\.vault\.[a-z.]+\/keys\/[a-zA-Z0-9-]{1,127}\/[0-9a-f]{32}$/i;

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
  identityType: optional(oneOf("UserAssigned", "SystemAssigned", "SystemAssigned,UserAssigned")),
  identityId: optional(armId("Microsoft.ManagedIdentity/userAssignedIdentities")),
  assignRoles: optional(flag()),
  customerManagedKey: optional(
    objectOf<CustomerManagedKey>({
      keyVaultId: armId("Microsoft.KeyVault/vaults"),
      keyIdentifier: text(
        "the address of a key with its version, https://<vault>.vault.azure.net/keys/<key>/<version>",
        KEY_IDENTIFIER,
        "docs:how-to-setup-customer-managed-keys",
      ),
    }),
  ),
  diagnostics: optional(flag()),
  logAnalyticsId: optional(armId("Microsoft.OperationalInsights/workspaces")),
  imageBuildCompute: optional(azureComputeName),
  serverlessCompute: optional(
    objectOf<ServerlessCompute>({
      subnetId: armId("Microsoft.Network/virtualNetworks/subnets"),
      publicIp: optional(flag()),
    }),
  ),
  lock: optional(oneOf("none", "CanNotDelete")),
  dataContributors: optional(recordOf(dataContributor)),
  onDelete: optional(onDelete),
  isolation: optional(isolationRule),
  description: optional(text("text", /^/)),
  tags: optional(tags),
};

/** Azure's rules between a workspace's args. */
export const workspaceConstraints: readonly Constraint<WorkspaceArgs>[] = [
  {
    id: "workspace-identity-without-user-assigned",
    source:
      "models 2025-12-01, ManagedServiceIdentity: userAssignedIdentities belong to the types with UserAssigned",
    problems: ({ identityType, identityId, assignRoles }) =>
      identityType !== "SystemAssigned"
        ? []
        : Object.entries({ identityId, assignRoles })
            .filter(([, value]) => value !== undefined)
            .map(([path, value]) => ({
              path,
              value,
              reason:
                "it can't be given with identityType SystemAssigned, which has no user-assigned identity",
            })),
  },
  {
    id: "workspace-key-without-user-assigned",
    source:
      "docs:concept-customer-managed-keys: an identity must wrap and unwrap with the key; a workspace's own is not there before the workspace",
    problems: ({ identityType, customerManagedKey }) =>
      identityType === "SystemAssigned" && customerManagedKey !== undefined
        ? [
            {
              path: "customerManagedKey",
              value: customerManagedKey,
              reason: "it must be without identityType SystemAssigned: a user-assigned identity uses the key",
            },
          ]
        : [],
  },
  {
    id: "workspace-key-of-another-vault",
    source: "docs:how-to-setup-customer-managed-keys: the vault's ARM id and the URL of a key in it",
    problems: ({ customerManagedKey }) => {
      const { keyVaultId, keyIdentifier } = partsOf(customerManagedKey);
      const vault = KEY_IDENTIFIER.exec(keyIdentifier ?? "")?.[1];
      if (keyVaultId === undefined || vault === undefined) return [];
      if (keyVaultId.toLowerCase().endsWith(`/${vault.toLowerCase()}`)) return [];
      const reason = "it must be a key in the vault that keyVaultId names";
      return [{ path: "customerManagedKey.keyIdentifier", value: keyIdentifier, reason }];
    },
  },
  {
    id: "workspace-key-in-another-subscription",
    source: "docs:how-to-setup-customer-managed-keys: the key vault must be in the workspace's subscription",
    problems: ({ customerManagedKey, resourceGroupId: group }) => {
      const { keyVaultId } = partsOf(customerManagedKey);
      if (keyVaultId === undefined || typeof group !== "string") return [];
      if (subscriptionOf(keyVaultId) === subscriptionOf(group)) return [];
      const reason = "it must be in the subscription of resourceGroupId";
      return [{ path: "customerManagedKey.keyVaultId", value: keyVaultId, reason }];
    },
  },
  {
    id: "workspace-key-in-its-own-vault",
    source:
      "docs:how-to-setup-customer-managed-keys: a vault with purge protection, which onDelete purge can't promise",
    problems: ({ customerManagedKey, keyVaultId: own, onDelete: mode }) => {
      const { keyVaultId } = partsOf(customerManagedKey);
      if (keyVaultId === undefined || typeof own !== "string" || mode !== "purge") return [];
      if (keyVaultId.toLowerCase() !== own.toLowerCase()) return [];
      const reason =
        "it must be softDelete where the workspace's key vault holds its key, too: such a vault is never purged";
      return [{ path: "onDelete", value: mode, reason }];
    },
  },
  {
    id: "workspace-lock-on-nothing",
    source: "Azure Resource Manager docs, lock-resources: a lock is its resource's owner's to set",
    problems: ({ lock, storageAccountId, keyVaultId }) =>
      lock === "CanNotDelete" && storageAccountId !== undefined && keyVaultId !== undefined
        ? [
            {
              path: "lock",
              value: lock,
              reason:
                "it must be none where storage account and key vault are brought along: only what is made here is locked",
            },
          ]
        : [],
  },
  {
    id: "workspace-log-analytics-unused",
    source: "Azure Monitor docs, diagnostic-settings: a destination belongs to a setting",
    problems: ({ diagnostics, applicationInsightsId, logAnalyticsId }) =>
      diagnostics === false && applicationInsightsId !== undefined && logAnalyticsId !== undefined
        ? [
            {
              path: "logAnalyticsId",
              value: logAnalyticsId,
              reason: "nothing uses it without diagnostics and with an Application Insights of your own",
            },
          ]
        : [],
  },
  ...isolationConstraints,
];

/** What is known of a customer-managed key. */
function partsOf(key: unknown): { readonly keyVaultId?: string; readonly keyIdentifier?: string } {
  if (typeof key !== "object" || key === null) return {};
  return Object.fromEntries(Object.entries(key).filter(([, value]) => typeof value === "string"));
}

function subscriptionOf(id: string): string {
  return resourceParts(id).subscriptionId.toLowerCase();
}
