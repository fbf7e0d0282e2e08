import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const workspaceCustomerManagedKey: ResourceRule = {
  id: "workspace-customer-managed-key",
  title: "A workspace is encrypted by a key of one's own",
  reason: "Without one nobody but Microsoft can take access to the data away.",
  fix: "Give the workspace a key: encryption.keyVaultProperties, with status Enabled.",
  covers: {
    azurePolicy: ["ba769a63-b8cc-4b2d-abf6-ac33c7204be8", "7f40cee6-e933-4d0f-a782-b96615e0f4a6"],
    mcsb: ["DP-5"],
  },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["machinelearningservices:Workspace"],
  check: (props) =>
    when(
      at(props, "encryption.status") !== "Enabled" ||
        at(props, "encryption.keyVaultProperties.keyIdentifier") === undefined,
      "encryption has no enabled key",
    ),
};
