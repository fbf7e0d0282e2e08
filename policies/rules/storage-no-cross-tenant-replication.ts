import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const storageNoCrossTenantReplication: ResourceRule = {
  id: "storage-no-cross-tenant-replication",
  title: "A storage account is not replicated into another tenant",
  reason: "Data would leave the company without anybody reading it.",
  fix: "Set allowCrossTenantReplication to false.",
  covers: {},
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["storage:StorageAccount"],
  check: (props) =>
    when(at(props, "allowCrossTenantReplication") === true, "allowCrossTenantReplication is true"),
};
