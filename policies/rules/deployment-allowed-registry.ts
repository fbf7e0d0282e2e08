import { modelOf } from "../model";
import { when } from "../plain";
import type { ResourceRule } from "../rule";

export const deploymentAllowedRegistry: ResourceRule = {
  id: "deployment-allowed-registry",
  title: "A deployment's model is from an allowed registry",
  reason: "What serves could come from anybody's registry.",
  fix: "Take the model from the workspace or from a registry in the rule's parameter registries.",
  covers: { azurePolicy: ["12e5dd16-d201-47ff-849b-8454061c293d", "19539b54-c61e-4196-9a38-67598701be90"] },
  levels: { dev: "advisory", prod: "mandatory" },
  parameters: {
    registries: {
      type: "array",
      items: { type: "string" },
      description: "names of the registries that models may come from; without it every one",
    },
  },
  of: ["machinelearningservices:OnlineDeployment", "machinelearningservices:BatchDeployment"],
  check: (props, { parameters }) => {
    const allowed = parameters["registries"];
    const model = String(modelOf(props));
    const registry = /(?:^azureml:\/\/registries|\/registries)\/([^/]+)\//i.exec(model)?.[1];
    return when(
      registry !== undefined && Array.isArray(allowed) && !allowed.includes(registry),
      `properties.model is from registry ${registry}`,
    );
  },
};
