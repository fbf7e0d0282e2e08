import type { ROLES } from "./roles";

/** What a role may do: `Microsoft.Storage/storageAccounts/read`, with `*` for any piece of it. */
export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

type RoleName = keyof typeof ROLES;

const ML = "Microsoft.MachineLearningServices";
const STORAGE = "Microsoft.Storage/storageAccounts";
const BLOBS = `${STORAGE}/blobServices`;

function permission(actions: readonly string[], more: Partial<Omit<Permission, "actions">> = {}): Permission {
  return { actions, notActions: [], dataActions: [], notDataActions: [], ...more };
}

const aboutVaults = [
  "Microsoft.Authorization/*/read",
  "Microsoft.Resources/subscriptions/resourceGroups/read",
  "Microsoft.KeyVault/vaults/*/read",
];

/**
 * Azure's built-in roles that the local Azure knows, as far as it has what they are about.
 * Source: Azure's built-in roles reference.
 */
export const BUILT_IN: Readonly<Record<RoleName, Permission>> = {
  Owner: permission(["*"]),
  Contributor: permission(["*"], {
    notActions: [
      "Microsoft.Authorization/*/Delete",
      "Microsoft.Authorization/*/Write",
      "Microsoft.Authorization/elevateAccess/Action",
    ],
  }),
  Reader: permission(["*/read"]),
  "User Access Administrator": permission(["*/read", "Microsoft.Authorization/*", "Microsoft.Support/*"]),
  AcrPull: permission(["Microsoft.ContainerRegistry/registries/pull/read"]),
  AcrPush: permission([
    "Microsoft.ContainerRegistry/registries/pull/read",
    "Microsoft.ContainerRegistry/registries/push/write",
  ]),
  "Storage Blob Data Owner": permission(
    [`${BLOBS}/containers/*`, `${BLOBS}/generateUserDelegationKey/action`],
    { dataActions: [`${BLOBS}/containers/blobs/*`] },
  ),
  "Storage Blob Data Contributor": permission(
    [
      `${BLOBS}/containers/delete`,
      `${BLOBS}/containers/read`,
      `${BLOBS}/containers/write`,
      `${BLOBS}/generateUserDelegationKey/action`,
    ],
    {
      dataActions: ["delete", "read", "write", "move/action", "add/action"].map(
        (action) => `${BLOBS}/containers/blobs/${action}`,
      ),
    },
  ),
  "Storage Blob Data Reader": permission(
    [`${BLOBS}/containers/read`, `${BLOBS}/generateUserDelegationKey/action`],
    { dataActions: [`${BLOBS}/containers/blobs/read`] },
  ),
  "Storage Blob Delegator": permission([`${BLOBS}/generateUserDelegationKey/action`]),
  "Storage File Data Privileged Contributor": permission([], {
    dataActions: [`${STORAGE}/fileServices/fileshares/files/*`],
  }),
  "Storage Queue Data Contributor": permission(
    ["delete", "read", "write"].map((action) => `${STORAGE}/queueServices/queues/${action}`),
    { dataActions: [`${STORAGE}/queueServices/queues/messages/*`] },
  ),
  "Storage Table Data Contributor": permission(
    ["delete", "read", "write"].map((action) => `${STORAGE}/tableServices/tables/${action}`),
    { dataActions: [`${STORAGE}/tableServices/tables/entities/*`] },
  ),
  "Key Vault Administrator": permission(aboutVaults, { dataActions: ["Microsoft.KeyVault/vaults/*"] }),
  "Key Vault Crypto Service Encryption User": permission([], {
    dataActions: ["read", "wrap/action", "unwrap/action"].map(
      (action) => `Microsoft.KeyVault/vaults/keys/${action}`,
    ),
  }),
  "Key Vault Crypto User": permission([], { dataActions: ["Microsoft.KeyVault/vaults/keys/*"] }),
  "Key Vault Secrets Officer": permission(aboutVaults, {
    dataActions: ["Microsoft.KeyVault/vaults/secrets/*"],
  }),
  "Key Vault Secrets User": permission([], {
    dataActions: [
      "Microsoft.KeyVault/vaults/secrets/getSecret/action",
      "Microsoft.KeyVault/vaults/secrets/readMetadata/action",
    ],
  }),
  "Azure AI Enterprise Network Connection Approver": permission(
    [
      STORAGE,
      "Microsoft.KeyVault/vaults",
      "Microsoft.ContainerRegistry/registries",
      `${ML}/workspaces`,
    ].flatMap((type) => [
      `${type}/privateEndpointConnections/read`,
      `${type}/privateEndpointConnections/write`,
      `${type}/privateEndpointConnectionsApproval/action`,
      `${type}/privateLinkResources/read`,
      `${type}/read`,
    ]),
  ),
  "AzureML Data Scientist": permission(
    ["read", "action", "delete", "write"].map((verb) => `${ML}/workspaces/*/${verb}`),
    {
      notActions: [
        `${ML}/workspaces/delete`,
        `${ML}/workspaces/write`,
        `${ML}/workspaces/computes/*/write`,
        `${ML}/workspaces/computes/*/delete`,
        `${ML}/workspaces/computes/listKeys/action`,
        `${ML}/workspaces/listKeys/action`,
        `${ML}/workspaces/hubs/write`,
        `${ML}/workspaces/hubs/delete`,
        `${ML}/workspaces/featurestores/write`,
        `${ML}/workspaces/featurestores/delete`,
      ],
    },
  ),
  "AzureML Compute Operator": permission([`${ML}/workspaces/computes/*`, `${ML}/workspaces/notebooks/vm/*`]),
  "AzureML Metrics Writer (preview)": permission([`${ML}/workspaces/metrics/*/write`]),
  "AzureML Registry User": permission([`${ML}/registries/read`, `${ML}/registries/assets/*`]),
  "Managed Identity Operator": permission([
    "Microsoft.ManagedIdentity/userAssignedIdentities/*/read",
    "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action",
    "Microsoft.Authorization/*/read",
    "Microsoft.Resources/subscriptions/resourceGroups/read",
  ]),
  "Monitoring Metrics Publisher": permission(["Microsoft.Resources/subscriptions/resourceGroups/read"], {
    dataActions: ["Microsoft.Insights/Metrics/Write", "Microsoft.Insights/Telemetry/Write"],
  }),
  "Monitoring Reader": permission(["*/read", "Microsoft.OperationalInsights/workspaces/search/action"]),
  "Log Analytics Contributor": permission([
    "*/read",
    "Microsoft.Insights/diagnosticSettings/*",
    "Microsoft.OperationalInsights/*",
    "Microsoft.Storage/storageAccounts/listKeys/action",
  ]),
};

/** Whether one of the permissions holds the action; what `notActions` names is taken from the same permission's `actions` alone. */
export function allows(permissions: readonly Permission[], action: string): boolean {
  return permissions.some(
    ({ actions, notActions }) =>
      actions.some((pattern) => covers(pattern, action)) &&
      !notActions.some((pattern) => covers(pattern, action)),
  );
}

const compiled = new Map<string, RegExp>();

// Without regard to case. A piece `*` between two slashes may be missing, so that computes/*/write covers computes/write: Microsoft's own
// roles rely on that.
export function covers(pattern: string, action: string): boolean {
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
    expression = new RegExp(`^${escaped.replaceAll("/*/", "/(.*/)?").replace(/(?<!\.)\*/g, ".*")}$`, "i");
    compiled.set(pattern, expression);
  }
  return expression.test(action);
}
