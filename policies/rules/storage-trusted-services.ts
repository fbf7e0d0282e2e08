import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const storageTrustedServices: ResourceRule = {
  id: "storage-trusted-services",
  title: "A storage account's firewall lets Azure's trusted services in",
  reason:
    "Without it Azure Machine Learning's own services can't reach the data, and somebody opens the firewall.",
  fix: "Set networkRuleSet.bypass to AzureServices.",
  covers: { checkov: ["CKV_AZURE_36"], trivy: ["AZU-0010"] },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["storage:StorageAccount"],
  check: (props) =>
    when(
      at(props, "networkRuleSet.defaultAction") === "Deny" &&
        !String(at(props, "networkRuleSet.bypass") ?? "AzureServices").includes("AzureServices"),
      "networkRuleSet.bypass leaves AzureServices out",
    ),
};
