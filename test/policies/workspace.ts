import type { PolicyCase } from "../helpers/policy-cases";

export const cases: readonly PolicyCase[] = [
  {
    rule: "workspace-public-access",
    type: "azure-native:machinelearningservices:Workspace",
    right: { publicNetworkAccess: "Disabled" },
    wrong: { publicNetworkAccess: "Enabled" },
    unknown: "publicNetworkAccess",
  },
  {
    rule: "workspace-outbound",
    type: "azure-native:machinelearningservices:Workspace",
    right: { managedNetwork: { isolationMode: "AllowOnlyApprovedOutbound" } },
    wrong: { managedNetwork: { isolationMode: "AllowInternetOutbound" } },
    unknown: "managedNetwork.isolationMode",
  },
  {
    rule: "workspace-customer-managed-key",
    type: "azure-native:machinelearningservices:Workspace",
    right: {
      encryption: {
        status: "Enabled",
        keyVaultProperties: { keyIdentifier: "https://kv.vault.azure.net/keys/k/1" },
      },
    },
    wrong: { encryption: { status: "Disabled" } },
    unknown: "encryption.status",
  },
  {
    rule: "workspace-user-assigned-identity",
    type: "azure-native:machinelearningservices:Workspace",
    right: { identity: { type: "SystemAssigned,UserAssigned" } },
    wrong: { identity: { type: "SystemAssigned" } },
    unknown: "identity.type",
  },
  {
    rule: "workspace-no-legacy-mode",
    type: "azure-native:machinelearningservices:Workspace",
    right: { v1LegacyMode: false },
    wrong: { v1LegacyMode: true },
    unknown: "v1LegacyMode",
  },
  {
    rule: "workspace-datastore-identity",
    type: "azure-native:machinelearningservices:Workspace",
    right: { systemDatastoresAuthMode: "Identity" },
    wrong: { systemDatastoresAuthMode: "AccessKey" },
    unknown: "systemDatastoresAuthMode",
  },
  {
    rule: "model-registry-public-access",
    type: "azure-native:machinelearningservices:Registry",
    right: { publicNetworkAccess: "Disabled" },
    wrong: { publicNetworkAccess: "Enabled" },
    unknown: "publicNetworkAccess",
  },
];
