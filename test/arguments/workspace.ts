import { Workspace, type WorkspaceArgs } from "../../components";
import { workspaceRules } from "../../components/workspace-args";
import type { ArgumentCases } from "../helpers/argument-cases";
import { isolationExempt, isolations } from "./workspace-isolation";
import { GROUP_ID, guid, IDENTITY_ID } from "../helpers/pulumi-mocks";

export const workspace: ArgumentCases<WorkspaceArgs> = {
  component: "Workspace",
  rules: workspaceRules,
  declare: (name, args) => new Workspace(name, args),
  cases: [
    {
      location: "westeurope",
      namePrefix: "churn-dev",
      nameSuffix: "x7k2p",
      containerRegistry: "create",
      dataContributors: {
        ci: { objectId: guid("ci") },
        ada: { objectId: guid("ada"), principalType: "User" },
      },
      identityType: "SystemAssigned,UserAssigned",
      assignRoles: true,
      customerManagedKey: {
        keyVaultId: `${GROUP_ID}/providers/Microsoft.KeyVault/vaults/kvkeys`,
        keyIdentifier: `https://kvkeys.vault.azure.net/keys/cmk/${"0".repeat(32)}`,
      },
      diagnostics: true,
      imageBuildCompute: "image-builder",
      logAnalyticsId: `${GROUP_ID}/providers/Microsoft.OperationalInsights/workspaces/logold`,
      serverlessCompute: {
        subnetId: `${GROUP_ID}/providers/Microsoft.Network/virtualNetworks/vnet/subnets/jobs`,
        publicIp: true,
      },
      lock: "CanNotDelete",
      onDelete: "purge",
      description: "Churn models",
      tags: { team: "risk" },
    },
    {
      location: "westeurope",
      resourceGroupId: GROUP_ID,
      storageAccountId: `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/stold`,
      keyVaultId: `${GROUP_ID}/providers/Microsoft.KeyVault/vaults/kvold`,
      applicationInsightsId: `${GROUP_ID}/providers/Microsoft.Insights/components/appiold`,
      containerRegistry: `${GROUP_ID}/providers/Microsoft.ContainerRegistry/registries/crold`,
      identityId: IDENTITY_ID,
    },
    {
      location: "westeurope",
      identityType: "UserAssigned",
      assignRoles: false,
      customerManagedKey: {
        keyVaultId: `${GROUP_ID}-keys/providers/Microsoft.KeyVault/vaults/kvkeys`,
        keyIdentifier: `https://kvkeys.vault.azure.net/keys/cmk/${"1".repeat(32)}`,
      },
      diagnostics: false,
      imageBuildCompute: "builder",
      serverlessCompute: {
        subnetId: `${GROUP_ID}/providers/Microsoft.Network/virtualNetworks/vnet/subnets/others`,
        publicIp: false,
      },
      lock: "none",
    },
    ...isolations,
  ],
  exempt: isolationExempt,
};
