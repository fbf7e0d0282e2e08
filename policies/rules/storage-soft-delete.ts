import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const storageSoftDelete: ResourceRule = {
  id: "storage-soft-delete",
  title: "Deleted blobs can be brought back",
  reason: "What is deleted by mistake is gone otherwise.",
  fix: "Set deleteRetentionPolicy.enabled to true, with days.",
  covers: { trivy: ["AZU-0056"] },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["storage:BlobServiceProperties"],
  check: (props) =>
    when(at(props, "deleteRetentionPolicy.enabled") !== true, "deleteRetentionPolicy.enabled is not true"),
};
