import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const clusterScaleToZero: ResourceRule = {
  id: "cluster-scale-to-zero",
  title: "A cluster without jobs has no nodes",
  reason: "Idle nodes cost money.",
  fix: "Set properties.properties.scaleSettings.minNodeCount to 0.",
  covers: { checkov: ["CKV_AZURE_150"] },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["machinelearningservices:Compute"],
  check: (props) =>
    when(
      at(props, "properties.computeType") === "AmlCompute" &&
        Number(at(props, "properties.properties.scaleSettings.minNodeCount") ?? 0) > 0,
      "properties.properties.scaleSettings.minNodeCount is above 0",
    ),
};
