import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const endpointPublicAccess: ResourceRule = {
  id: "endpoint-public-access",
  title: "An endpoint is not reached from the internet",
  reason: "Whoever gets hold of a token could call it from anywhere.",
  fix: "Set properties.publicNetworkAccess to Disabled where every caller is in the network.",
  covers: {},
  levels: { dev: "advisory", prod: "advisory" },
  of: ["machinelearningservices:OnlineEndpoint"],
  check: (props) =>
    when(
      at(props, "properties.publicNetworkAccess") === "Enabled",
      "properties.publicNetworkAccess is Enabled",
    ),
};
