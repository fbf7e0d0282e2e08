import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const registryZones: ResourceRule = {
  id: "registry-zones",
  title: "A container registry is in several zones",
  reason: "Without images nothing starts or scales.",
  fix: "Set zoneRedundancy to Enabled.",
  covers: { checkov: ["CKV_AZURE_233"] },
  levels: { dev: "advisory", prod: "advisory" },
  of: ["containerregistry:Registry"],
  check: (props) => when(at(props, "zoneRedundancy") !== "Enabled", "zoneRedundancy is not Enabled"),
};
