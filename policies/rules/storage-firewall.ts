import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const storageFirewall: ResourceRule = {
  id: "storage-firewall",
  title: "A storage account's firewall refuses by default",
  reason: "Whoever gets hold of a token could read the data from anywhere.",
  fix: "Set networkRuleSet.defaultAction to Deny.",
  covers: { psRule: ["AZR-000202"], checkov: ["CKV_AZURE_35"], trivy: ["AZU-0012"] },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["storage:StorageAccount"],
  check: (props) =>
    when(at(props, "networkRuleSet.defaultAction") !== "Deny", "networkRuleSet.defaultAction is not Deny"),
};
