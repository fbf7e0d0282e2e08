import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const registryNoAdmin: ResourceRule = {
  id: "registry-no-admin",
  title: "A container registry has no administrator's password",
  reason: "It opens everything, names nobody and has no end.",
  fix: "Leave adminUserEnabled out, or set it to false.",
  covers: { psRule: ["AZR-000005"], checkov: ["CKV_AZURE_137"] },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["containerregistry:Registry"],
  check: (props) => when(at(props, "adminUserEnabled") === true, "adminUserEnabled is true"),
};
