import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const storagePublicAccess: ResourceRule = {
  id: "storage-public-access",
  title: "A storage account is not reached from the internet",
  reason: "A firewall's list grows; a door that isn't there does not.",
  fix: "Set publicNetworkAccess to Disabled and reach the account by a private endpoint.",
  covers: { checkov: ["CKV_AZURE_59"] },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["storage:StorageAccount"],
  check: (props) =>
    when(at(props, "publicNetworkAccess") !== "Disabled", "publicNetworkAccess is not Disabled"),
};
