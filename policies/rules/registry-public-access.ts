import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const registryPublicAccess: ResourceRule = {
  id: "registry-public-access",
  title: "A container registry is not reached from the internet",
  reason: "Whoever gets hold of a token could replace what runs.",
  fix: "Set publicNetworkAccess to Disabled and reach the registry by a private endpoint.",
  covers: { checkov: ["CKV_AZURE_139"] },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["containerregistry:Registry"],
  check: (props) =>
    when(at(props, "publicNetworkAccess") !== "Disabled", "publicNetworkAccess is not Disabled"),
};
