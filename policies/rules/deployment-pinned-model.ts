import { modelOf } from "../model";
import { when } from "../plain";
import type { ResourceRule } from "../rule";

export const deploymentPinnedModel: ResourceRule = {
  id: "deployment-pinned-model",
  title: "A deployment names the version of its model",
  reason: "With a label, what serves changes without a review.",
  fix: "Name the version in properties.model: /models/NAME/versions/VERSION or azureml:NAME:VERSION.",
  covers: {},
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["machinelearningservices:OnlineDeployment", "machinelearningservices:BatchDeployment"],
  check: (props) => {
    const model = modelOf(props);
    return when(
      typeof model === "string" && !/(\/versions\/[^/@]+|^azureml:(?!\/)[^:@]+:[^:@]+)$/.test(model),
      "properties.model has no version",
    );
  },
};
