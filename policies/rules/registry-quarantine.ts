import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const registryQuarantine: ResourceRule = {
  id: "registry-quarantine",
  title: "Images are scanned before they can be pulled",
  reason:
    "A hole is found before it runs. Advisory in every profile: it may keep Azure Machine Learning from building images.",
  fix: "Set policies.quarantinePolicy.status to enabled where your images aren't built by Azure Machine Learning.",
  covers: { psRule: ["AZR-000008"], checkov: ["CKV_AZURE_166"] },
  levels: { dev: "advisory", prod: "advisory" },
  of: ["containerregistry:Registry"],
  check: (props) =>
    when(
      at(props, "policies.quarantinePolicy.status") !== "enabled",
      "policies.quarantinePolicy.status is not enabled",
    ),
};
