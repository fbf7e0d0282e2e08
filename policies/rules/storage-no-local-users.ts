import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const storageNoLocalUsers: ResourceRule = {
  id: "storage-no-local-users",
  title: "A storage account has no local users",
  reason: "Local users sign in over SFTP by a password or key, outside Entra ID.",
  fix: "Leave isLocalUserEnabled out, or set it to false.",
  covers: { checkov: ["CKV_AZURE_244"] },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["storage:StorageAccount"],
  check: (props) => when(at(props, "isLocalUserEnabled") === true, "isLocalUserEnabled is true"),
};
