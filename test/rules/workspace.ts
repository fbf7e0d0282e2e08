import { Workspace, type WorkspaceArgs } from "../../components";
import { workspaceConstraints, workspaceRules } from "../../components/workspace-args";
import { GROUP_ID, IDENTITY_ID } from "../helpers/pulumi-mocks";
import type { RuleCases } from "../helpers/rule-cases";

const vault = (name: string, group = GROUP_ID): string =>
  `${group}/providers/Microsoft.KeyVault/vaults/${name}`;
const customerManagedKey = {
  keyVaultId: vault("kvkeys"),
  keyIdentifier: `https://kvkeys.vault.azure.net/keys/cmk/${"0".repeat(32)}`,
};
const right: WorkspaceArgs = { location: "westeurope", resourceGroupId: GROUP_ID, customerManagedKey };
const brought: WorkspaceArgs = {
  location: "westeurope",
  storageAccountId: `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/stold`,
  applicationInsightsId: `${GROUP_ID}/providers/Microsoft.Insights/components/appiold`,
};
const elsewhere = GROUP_ID.replace(/[^/]+(?=\/resourceGroups)/, "00000000-0000-4000-8000-00000000000f");

export const workspace: RuleCases<WorkspaceArgs> = {
  component: "Workspace",
  declare: (name, args) => new Workspace(name, args),
  rules: workspaceRules,
  constraints: workspaceConstraints,
  cases: [
    {
      rule: "customerManagedKey.keyIdentifier",
      right,
      wrong: {
        customerManagedKey: {
          ...customerManagedKey,
          keyIdentifier: "https://kvkeys.vault.azure.net/keys/cmk",
        },
      },
      path: "customerManagedKey.keyIdentifier",
    },
    {
      rule: "imageBuildCompute",
      right: { location: "westeurope", imageBuildCompute: "builder" },
      wrong: {
        imageBuildCompute: `${GROUP_ID}/providers/Microsoft.MachineLearningServices/workspaces/mlw/computes/builder`,
      },
      path: "imageBuildCompute",
    },
    {
      rule: "workspace-identity-without-user-assigned",
      right: { location: "westeurope", identityType: "SystemAssigned" },
      wrong: { identityId: IDENTITY_ID },
      path: "identityId",
    },
    {
      rule: "workspace-identity-without-user-assigned",
      right: { location: "westeurope", identityType: "SystemAssigned" },
      wrong: { assignRoles: true },
      path: "assignRoles",
    },
    {
      rule: "workspace-key-without-user-assigned",
      right: { ...right, identityType: "SystemAssigned,UserAssigned" },
      wrong: { identityType: "SystemAssigned" },
      path: "customerManagedKey",
    },
    {
      rule: "workspace-key-of-another-vault",
      right,
      wrong: { customerManagedKey: { ...customerManagedKey, keyVaultId: vault("kvothers") } },
      path: "customerManagedKey.keyIdentifier",
    },
    {
      rule: "workspace-key-in-another-subscription",
      right,
      wrong: { customerManagedKey: { ...customerManagedKey, keyVaultId: vault("kvkeys", elsewhere) } },
      path: "customerManagedKey.keyVaultId",
    },
    {
      rule: "workspace-key-in-its-own-vault",
      right: { ...right, keyVaultId: vault("kvkeys") },
      wrong: { onDelete: "purge" },
      path: "onDelete",
    },
    {
      rule: "workspace-lock-on-nothing",
      right: { ...brought, lock: "CanNotDelete" },
      wrong: { keyVaultId: vault("kvold") },
      path: "lock",
    },
    {
      rule: "workspace-log-analytics-unused",
      right: {
        ...brought,
        logAnalyticsId: `${GROUP_ID}/providers/Microsoft.OperationalInsights/workspaces/logold`,
      },
      wrong: { diagnostics: false },
      path: "logAnalyticsId",
    },
  ],
};
