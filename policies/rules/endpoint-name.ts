import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const endpointName: ResourceRule = {
  id: "endpoint-name",
  title: "An endpoint's name has 3 to 32 characters",
  reason: "Azure refuses anything else, in the middle of an up.",
  fix: "Shorten or lengthen endpointName.",
  covers: {},
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["machinelearningservices:OnlineEndpoint", "machinelearningservices:BatchEndpoint"],
  check: (props) => {
    const name = at(props, "endpointName");
    return when(
      typeof name === "string" && !/^[a-zA-Z][a-zA-Z0-9-]{1,30}[a-zA-Z0-9]$/.test(name),
      "endpointName isn't 3 to 32 letters, digits and dashes, a letter first",
    );
  },
};
