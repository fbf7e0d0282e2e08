import type { PolicyCase } from "../helpers/policy-cases";

export const cases: readonly PolicyCase[] = [
  {
    rule: "vault-soft-delete",
    type: "azure-native:keyvault:Vault",
    right: { properties: { enableSoftDelete: true } },
    wrong: { properties: { enableSoftDelete: false } },
    unknown: "properties.enableSoftDelete",
  },
  {
    rule: "vault-purge-protection",
    type: "azure-native:keyvault:Vault",
    right: { properties: { enablePurgeProtection: true } },
    wrong: { properties: {} },
    unknown: "properties.enablePurgeProtection",
  },
  {
    rule: "vault-firewall",
    type: "azure-native:keyvault:Vault",
    right: { properties: { networkAcls: { defaultAction: "Deny" } } },
    wrong: { properties: { networkAcls: { defaultAction: "Allow" } } },
    unknown: "properties.networkAcls.defaultAction",
  },
  {
    rule: "vault-public-access",
    type: "azure-native:keyvault:Vault",
    right: { properties: { publicNetworkAccess: "Disabled" } },
    wrong: { properties: { publicNetworkAccess: "Enabled" } },
    unknown: "properties.publicNetworkAccess",
  },
  {
    rule: "vault-rbac",
    type: "azure-native:keyvault:Vault",
    right: { properties: { enableRbacAuthorization: true } },
    wrong: { properties: { enableRbacAuthorization: false } },
    unknown: "properties.enableRbacAuthorization",
  },
  {
    rule: "key-expires",
    type: "azure-native:keyvault:Key",
    right: { properties: { attributes: { expires: 1900000000 } } },
    wrong: { properties: {} },
    unknown: "properties.attributes.expires",
  },
  {
    rule: "secret-expires",
    type: "azure-native:keyvault:Secret",
    right: { properties: { attributes: { expires: 1900000000 } } },
    wrong: { properties: {} },
    unknown: "properties.attributes.expires",
  },
];
