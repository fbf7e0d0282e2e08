import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const keyExpires: ResourceRule = {
  id: "key-expires",
  title: "A key expires",
  reason:
    "A key without an end stays valid after it has leaked. Advisory in prod: what a workspace is encrypted by must not expire unnoticed.",
  fix: "Set properties.attributes.expires, and renew it before.",
  covers: { checkov: ["CKV_AZURE_40"], trivy: ["AZU-0014"] },
  levels: { dev: "advisory", prod: "advisory" },
  of: ["keyvault:Key"],
  check: (props) =>
    when(
      at(props, "properties.attributes.expires") === undefined &&
        at(props, "properties.attributes.exp") === undefined,
      "properties.attributes.expires is missing",
    ),
};
