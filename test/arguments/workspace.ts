import { Workspace, type WorkspaceArgs } from "../../components";
import { workspaceRules } from "../../components/workspace-args";
import type { ArgumentCases } from "../helpers/argument-cases";
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
  ],
};
