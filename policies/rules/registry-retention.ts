import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const registryRetention: ResourceRule = {
  id: "registry-retention",
  title: "Images without a tag are deleted after a time",
  reason: "Old layers hold old holes, and cost money.",
  fix: "Set policies.retentionPolicy.status to enabled.",
  covers: { psRule: ["AZR-000010"], checkov: ["CKV_AZURE_167"] },
  levels: { dev: "advisory", prod: "advisory" },
  of: ["containerregistry:Registry"],
  check: (props) =>
    when(
      at(props, "policies.retentionPolicy.status") !== "enabled",
      "policies.retentionPolicy.status is not enabled",
    ),
};
