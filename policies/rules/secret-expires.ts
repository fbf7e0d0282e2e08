import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const secretExpires: ResourceRule = {
  id: "secret-expires",
  title: "A secret expires",
  reason: "A secret without an end stays valid after it has leaked.",
  fix: "Set properties.attributes.expires, and renew it before.",
  covers: { trivy: ["AZU-0017"] },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["keyvault:Secret"],
  check: (props) =>
    when(
      at(props, "properties.attributes.expires") === undefined &&
        at(props, "properties.attributes.exp") === undefined,
      "properties.attributes.expires is missing",
    ),
};
