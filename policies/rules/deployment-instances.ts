import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const deploymentInstances: ResourceRule = {
  id: "deployment-instances",
  title: "A deployment has machines to spare",
  reason: "With fewer than three, a machine that fails or is updated is felt.",
  fix: "Set sku.capacity to the rule's parameter least, 3 by default.",
  covers: {},
  levels: { dev: "advisory", prod: "mandatory" },
  parameters: { least: { type: "integer", minimum: 1, description: "machines at least; 3 by default" } },
  of: ["machinelearningservices:OnlineDeployment"],
  check: (props, { parameters }) => {
    const least = Number(parameters["least"] ?? 3);
    return when(Number(at(props, "sku.capacity") ?? 0) < least, `sku.capacity is below ${least}`);
  },
};
