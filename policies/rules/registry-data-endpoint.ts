import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const registryDataEndpoint: ResourceRule = {
  id: "registry-data-endpoint",
  title: "A container registry's data has an address of its own",
  reason: "A firewall can then allow this registry instead of all of Azure's storage.",
  fix: "Set dataEndpointEnabled to true.",
  covers: { checkov: ["CKV_AZURE_237"] },
  levels: { dev: "advisory", prod: "advisory" },
  of: ["containerregistry:Registry"],
  check: (props) => when(at(props, "dataEndpointEnabled") !== true, "dataEndpointEnabled is not true"),
};
