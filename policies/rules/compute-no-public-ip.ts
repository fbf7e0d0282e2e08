import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const computeNoPublicIp: ResourceRule = {
  id: "compute-no-public-ip",
  title: "Computes have no public address",
  reason: "A public address can be scanned and attacked.",
  fix: "Set properties.properties.enableNodePublicIp to false.",
  covers: {},
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["machinelearningservices:Compute"],
  check: (props) =>
    when(
      /^(AmlCompute|ComputeInstance)$/.test(String(at(props, "properties.computeType"))) &&
        at(props, "properties.properties.enableNodePublicIp") !== false,
      "properties.properties.enableNodePublicIp is not false",
    ),
};
