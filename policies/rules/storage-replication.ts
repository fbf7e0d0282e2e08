import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const storageReplication: ResourceRule = {
  id: "storage-replication",
  title: "A storage account's data is in more than one place",
  reason: "Locally redundant data is lost with its data center.",
  fix: "Set sku.name to one with ZRS, GRS or GZRS.",
  covers: { checkov: ["CKV_AZURE_206"], trivy: ["AZU-0058"] },
  levels: { dev: "advisory", prod: "advisory" },
  of: ["storage:StorageAccount"],
  check: (props) => when(/_LRS$/.test(String(at(props, "sku.name"))), "sku.name is locally redundant"),
};
