import { valueAt } from "./differences";
import type { Change } from "./engine-json";
import { azure, type OperationRule, type PropertyRule } from "./risk";

/** Roles that give rights to others, or all of them. */
const OWNERS = [
  "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
  "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
  "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
];
const CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c";

const roleOf = ({ new: now }: Change): string =>
  String(valueAt(now?.inputs, "roleDefinitionId") ?? "").toLowerCase();
const isOfSubscription = ({ new: now }: Change): boolean =>
  /^\/subscriptions\/[^/]+\/?$/.test(String(valueAt(now?.inputs, "scope") ?? ""));
const MADE = ["create", "replace"] as const;
const ASSIGNMENT = azure("authorization", "RoleAssignment");

/** Who may do what. */
export const accessOperations: readonly OperationRule[] = [
  {
    id: "gives-owner",
    level: "high",
    types: ASSIGNMENT,
    ops: MADE,
    when: (change) => OWNERS.some((role) => roleOf(change).endsWith(role)),
    reason: "gives a role that can give every right to anybody",
  },
  {
    id: "gives-subscription-role",
    level: "high",
    types: ASSIGNMENT,
    ops: MADE,
    when: isOfSubscription,
    reason: "gives a role on the whole subscription",
  },
  {
    id: "gives-contributor",
    level: "medium",
    types: ASSIGNMENT,
    ops: MADE,
    when: (change) =>
      roleOf(change).endsWith(CONTRIBUTOR) && !isOfSubscription(change) && !isWorkspaces(change),
    reason: "gives the right to change and delete everything there",
  },
  {
    id: "removes-lock",
    level: "medium",
    types: azure("authorization", "ManagementLock\\w*"),
    ops: ["delete"],
    reason: "what it kept can be deleted",
  },
  {
    id: "removes-diagnostics",
    level: "medium",
    types: azure("monitor", "DiagnosticSetting"),
    ops: ["delete"],
    reason: "nobody sees any more who did what",
  },
  {
    id: "removes-private-endpoint",
    level: "medium",
    types: azure("network", "PrivateEndpoint", "PrivateDnsZoneGroup", "PrivateZone"),
    ops: ["delete"],
    reason: "whoever comes by the private network finds it no more",
  },
];

/** The workspace's own identity has it by Azure ML's rules; the component gives it. */
function isWorkspaces({ urn }: Change): boolean {
  return /::[^:]*-identity-[^:]+$/.test(urn);
}

const turns =
  (from: unknown, to: unknown) =>
  ({ declared, live }: { readonly declared: unknown; readonly live: unknown }): boolean =>
    live === to && (from === undefined || declared === from || declared === undefined);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const accessProperties: readonly PropertyRule[] = [
  {
    id: "opens-to-the-internet",
    level: "high",
    types: /./,
    path: /(^|\.)(publicNetworkAccess|publicNetworkAccessForIngestion|publicNetworkAccessForQuery|remoteLoginPortPublicAccess|sshPublicAccess)$/,
    when: ({ declared, live }) =>
      /^enabled$/i.test(String(live)) && !/^enabled$/i.test(String(declared ?? "enabled")),
    reason: "opens it to the internet",
  },
  {
    id: "opens-firewall",
    level: "high",
    types: /./,
    path: /(^|\.)defaultAction$/,
    when: turns("Deny", "Allow"),
    reason: "lets in whoever is not named",
  },
  {
    id: "widens-allow-list",
    level: "medium",
    types: /./,
    path: /(^|\.)(ipRules|ipAllowlist|virtualNetworkRules)$/,
    when: ({ declared, live }) => listOf(live).length > listOf(declared).length,
    reason: "lets more addresses in",
  },
  {
    id: "allows-public-blobs",
    level: "high",
    types: azure("storage", "StorageAccount"),
    path: /^allowBlobPublicAccess$/,
    when: turns(undefined, true),
    reason: "lets anybody read blobs that a container shows",
  },
  {
    id: "allows-keys",
    level: "medium",
    types: /./,
    path: /(^|\.)(allowSharedKeyAccess|adminUserEnabled)$/,
    when: turns(undefined, true),
    reason: "lets whoever has a key in, as nobody in particular",
  },
  {
    id: "allows-local-auth",
    level: "medium",
    types: /./,
    path: /(^|\.)disableLocalAuth$/,
    when: turns(undefined, false),
    reason: "lets whoever has a key in, as nobody in particular",
  },
  {
    id: "endpoint-takes-keys",
    level: "medium",
    types: /:(OnlineEndpoint|OnlineEndpointSettings|BatchEndpoint)$/,
    path: /(^|\.)authMode$/,
    when: ({ declared, live }) => declared === "AADToken" && (live === "Key" || live === "AMLToken"),
    reason: "callers are known by a key, not by who they are",
  },
  {
    id: "weakens-tls",
    level: "high",
    types: azure("storage", "StorageAccount"),
    path: /^(minimumTlsVersion|enableHttpsTrafficOnly)$/,
    when: ({ live }) => live === false || live === "TLS1_0" || live === "TLS1_1",
    reason: "lets data travel less protected",
  },
  {
    id: "opens-managed-network",
    level: "high",
    types: /:(Workspace|ManagedNetwork\w*)$/,
    path: /(^|\.)isolationMode$/,
    when: ({ declared, live }) => rank(live) < rank(declared),
    reason: "lets computes reach more than they could",
  },
  {
    id: "removes-encryption-key",
    level: "high",
    types: /./,
    path: /^(encryption|properties\.encryption)$/,
    when: ({ declared, live }) => declared !== undefined && (live === undefined || live === null),
    reason: "data is encrypted by your own key no more",
  },
  {
    id: "allows-purge",
    level: "high",
    types: azure("keyvault", "Vault"),
    path: /(enablePurgeProtection|enableSoftDelete)$/,
    when: ({ declared, live }) => declared === true && live !== true,
    reason: "what is deleted there can be gone for good",
  },
  {
    id: "widens-role",
    level: "high",
    types: azure("authorization", "RoleDefinition"),
    path: /(^|\.)(actions|dataActions|permissions)/,
    when: ({ declared, live }) => listOf(live).length > listOf(declared).length || live === "*",
    reason: "whoever has the role may do more",
  },
  {
    id: "computes-are-public",
    level: "medium",
    types: azure("machinelearningservices", "Compute"),
    path: /(^|\.)enableNodePublicIp$/,
    when: turns(undefined, true),
    reason: "gives the machines addresses in the internet",
  },
];

const MODES = ["Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound"];
function rank(mode: unknown): number {
  return Math.max(0, MODES.indexOf(String(mode)));
}
