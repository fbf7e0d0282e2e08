import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const vaultSoftDelete: ResourceRule = {
  id: "vault-soft-delete",
  title: "A deleted key vault can be brought back",
  reason: "With its keys everything that they encrypt is lost.",
  fix: "Set properties.enableSoftDelete to true, or leave it out.",
  covers: { psRule: ["AZR-000124"], checkov: ["CKV_AZURE_111"] },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["keyvault:Vault"],
  check: (props) =>
    when(at(props, "properties.enableSoftDelete") === false, "properties.enableSoftDelete is false"),
};
