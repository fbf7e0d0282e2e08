import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const vaultPublicAccess: ResourceRule = {
  id: "vault-public-access",
  title: "A key vault is not reached from the internet",
  reason: "Whoever gets hold of a token could read secrets from anywhere.",
  fix: "Set properties.publicNetworkAccess to Disabled and reach the vault by a private endpoint.",
  covers: { checkov: ["CKV_AZURE_189"] },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["keyvault:Vault"],
  check: (props) =>
    when(
      !/^disabled$/i.test(String(at(props, "properties.publicNetworkAccess"))),
      "properties.publicNetworkAccess is not Disabled",
    ),
};
