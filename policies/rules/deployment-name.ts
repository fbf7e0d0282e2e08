import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const deploymentName: ResourceRule = {
  id: "deployment-name",
  title: "A deployment's name has 3 to 32 characters",
  reason: "Azure refuses anything else, in the middle of an up.",
  fix: "Shorten or lengthen deploymentName.",
  covers: {},
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["machinelearningservices:OnlineDeployment", "machinelearningservices:BatchDeployment"],
  check: (props) => {
    const name = at(props, "deploymentName");
    return when(
      typeof name === "string" && !/^[a-zA-Z][a-zA-Z0-9-]{1,30}[a-zA-Z0-9]$/.test(name),
      "deploymentName isn't 3 to 32 letters, digits and dashes, a letter first",
    );
  },
};
