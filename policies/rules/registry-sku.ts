import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const registrySku: ResourceRule = {
  id: "registry-sku",
  title: "A container registry is of a tier that can be closed",
  reason: "Private endpoints, retention and zones are Premium's.",
  fix: "Set sku.name to Premium.",
  covers: { psRule: ["AZR-000006"] },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["containerregistry:Registry"],
  check: (props) => when(at(props, "sku.name") !== "Premium", "sku.name is not Premium"),
};
