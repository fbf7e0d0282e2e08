import type { PolicyCase } from "../helpers/policy-cases";

export const cases: readonly PolicyCase[] = [
  {
    rule: "registry-no-admin",
    type: "azure-native:containerregistry:Registry",
    right: { adminUserEnabled: false },
    wrong: { adminUserEnabled: true },
    unknown: "adminUserEnabled",
  },
  {
    rule: "registry-no-anonymous-pull",
    type: "azure-native:containerregistry:Registry",
    right: { anonymousPullEnabled: false },
    wrong: { anonymousPullEnabled: true },
    unknown: "anonymousPullEnabled",
  },
  {
    rule: "registry-public-access",
    type: "azure-native:containerregistry:Registry",
    right: { publicNetworkAccess: "Disabled" },
    wrong: { publicNetworkAccess: "Enabled" },
    unknown: "publicNetworkAccess",
  },
  {
    rule: "registry-sku",
    type: "azure-native:containerregistry:Registry",
    right: { sku: { name: "Premium" } },
    wrong: { sku: { name: "Basic" } },
    unknown: "sku.name",
  },
  {
    rule: "registry-retention",
    type: "azure-native:containerregistry:Registry",
    right: { policies: { retentionPolicy: { status: "enabled" } } },
    wrong: {},
    unknown: "policies.retentionPolicy.status",
  },
  {
    rule: "registry-quarantine",
    type: "azure-native:containerregistry:Registry",
    right: { policies: { quarantinePolicy: { status: "enabled" } } },
    wrong: {},
    unknown: "policies.quarantinePolicy.status",
  },
  {
    rule: "registry-content-trust",
    type: "azure-native:containerregistry:Registry",
    right: { policies: { trustPolicy: { status: "enabled" } } },
    wrong: {},
    unknown: "policies.trustPolicy.status",
  },
  {
    rule: "registry-zones",
    type: "azure-native:containerregistry:Registry",
    right: { zoneRedundancy: "Enabled" },
    wrong: { zoneRedundancy: "Disabled" },
    unknown: "zoneRedundancy",
  },
  {
    rule: "registry-data-endpoint",
    type: "azure-native:containerregistry:Registry",
    right: { dataEndpointEnabled: true },
    wrong: {},
    unknown: "dataEndpointEnabled",
  },
];
