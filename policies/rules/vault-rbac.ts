import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const vaultRbac: ResourceRule = {
  id: "vault-rbac",
  title: "Who may use a key vault is said by roles",
  reason: "Access policies are outside Azure's roles, reviews and time limits.",
  fix: "Set properties.enableRbacAuthorization to true.",
  covers: {},
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["keyvault:Vault"],
  check: (props) =>
    when(
      at(props, "properties.enableRbacAuthorization") !== true,
      "properties.enableRbacAuthorization is not true",
    ),
};
