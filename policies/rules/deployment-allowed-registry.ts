import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const deploymentAllowedRegistry: ResourceRule = {
  id: "deployment-allowed-registry",
  title: "A deployment's model is from an allowed registry",
  reason: "What serves could come from anybody's registry.",
  fix: "Take the model from the workspace or from a registry in the rule's parameter registries.",
  covers: { azurePolicy: ["12e5dd16", "19539b54"] },
  levels: { dev: "advisory", prod: "mandatory" },
  parameters: {
    registries: {
      type: "array",
      items: { type: "string" },
      description: "names of the registries that models may come from; without it every one",
    },
  },
  of: ["machinelearningservices:OnlineDeployment"],
  check: (props, { parameters }) => {
    const allowed = parameters["registries"];
    const model = String(at(props, "properties.model"));
    const registry = /(?:^azureml:\/\/registries|\/registries)\/([^/]+)\//i.exec(model)?.[1];
    return when(
      registry !== undefined && Array.isArray(allowed) && !allowed.includes(registry),
      `properties.model is from registry ${registry}`,
    );
  },
};
