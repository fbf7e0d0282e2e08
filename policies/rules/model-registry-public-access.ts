import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const modelRegistryPublicAccess: ResourceRule = {
  id: "model-registry-public-access",
  title: "A registry of models is not reached from the internet",
  reason: "What every workspace takes its models from is worth a network of its own.",
  fix: "Set publicNetworkAccess to Disabled.",
  covers: {},
  levels: { dev: "advisory", prod: "advisory" },
  of: ["machinelearningservices:Registry"],
  check: (props) =>
    when(at(props, "publicNetworkAccess") !== "Disabled", "publicNetworkAccess is not Disabled"),
};
