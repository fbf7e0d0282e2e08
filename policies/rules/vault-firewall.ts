import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const vaultFirewall: ResourceRule = {
  id: "vault-firewall",
  title: "A key vault's firewall refuses by default",
  reason: "Whoever gets hold of a token could read secrets from anywhere.",
  fix: "Set properties.networkAcls.defaultAction to Deny.",
  covers: { checkov: ["CKV_AZURE_109"], trivy: ["AZU-0013"] },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["keyvault:Vault"],
  check: (props) =>
    when(
      at(props, "properties.networkAcls.defaultAction") !== "Deny",
      "properties.networkAcls.defaultAction is not Deny",
    ),
};
