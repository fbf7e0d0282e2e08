import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const storageNoPublicBlobs: ResourceRule = {
  id: "storage-no-public-blobs",
  title: "No container of a storage account is public",
  reason: "Anybody could read a container that somebody made public by mistake.",
  fix: "Set allowBlobPublicAccess to false.",
  covers: { psRule: ["AZR-000198"], checkov: ["CKV_AZURE_190"], trivy: ["AZU-0007"] },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["storage:StorageAccount"],
  check: (props) => when(at(props, "allowBlobPublicAccess") !== false, "allowBlobPublicAccess is not false"),
};
