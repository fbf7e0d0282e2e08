import { at, record, when } from "../plain";
import type { ResourceRule } from "../rule";

export const deploymentDataCollection: ResourceRule = {
  id: "deployment-data-collection",
  title: "What a deployment is asked and answers is collected",
  reason: "Without it nobody can tell drift, or explain an answer.",
  fix: "Enable a collection in properties.dataCollector.collections.",
  covers: {},
  levels: { dev: "advisory", prod: "advisory" },
  of: ["machinelearningservices:OnlineDeployment"],
  check: (props) =>
    when(
      Object.keys(record(at(props, "properties.dataCollector.collections"))).length === 0,
      "properties.dataCollector has no collection",
    ),
};
