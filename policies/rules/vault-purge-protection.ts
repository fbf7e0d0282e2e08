import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const vaultPurgeProtection: ResourceRule = {
  id: "vault-purge-protection",
  title: "Nobody purges a key vault",
  reason: "Who has taken over an administrator's account could destroy the keys for good.",
  fix: "Set properties.enablePurgeProtection to true.",
  covers: { psRule: ["AZR-000125"], checkov: ["CKV_AZURE_110"], trivy: ["AZU-0016"] },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["keyvault:Vault"],
  check: (props) =>
    when(
      at(props, "properties.enablePurgeProtection") !== true,
      "properties.enablePurgeProtection is not true",
    ),
};
