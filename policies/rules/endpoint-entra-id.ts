import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const endpointEntraId: ResourceRule = {
  id: "endpoint-entra-id",
  title: "Callers of an endpoint sign in by Entra ID",
  reason: "A key is everybody's who has it, and names nobody.",
  fix: "Set properties.authMode to AADToken.",
  covers: {},
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["machinelearningservices:OnlineEndpoint", "machinelearningservices:BatchEndpoint"],
  check: (props) => {
    const mode = at(props, "properties.authMode");
    return when(mode !== undefined && mode !== "AADToken", "properties.authMode is not AADToken");
  },
};
