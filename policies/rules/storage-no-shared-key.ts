import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const storageNoSharedKey: ResourceRule = {
  id: "storage-no-shared-key",
  title: "A storage account has no shared keys",
  reason: "A key opens everything, names nobody and has no end.",
  fix: "Set allowSharedKeyAccess to false.",
  covers: {},
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["storage:StorageAccount"],
  check: (props) => when(at(props, "allowSharedKeyAccess") !== false, "allowSharedKeyAccess is not false"),
};
