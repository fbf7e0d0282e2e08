import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const registryContentTrust: ResourceRule = {
  id: "registry-content-trust",
  title: "Images are signed",
  reason:
    "Who pulls knows who made it. Advisory in every profile: it may keep Azure Machine Learning from building images.",
  fix: "Set policies.trustPolicy.status to enabled where your images aren't built by Azure Machine Learning.",
  covers: { psRule: ["AZR-000009"], checkov: ["CKV_AZURE_164"] },
  levels: { dev: "advisory", prod: "advisory" },
  of: ["containerregistry:Registry"],
  check: (props) =>
    when(
      at(props, "policies.trustPolicy.status") !== "enabled",
      "policies.trustPolicy.status is not enabled",
    ),
};
