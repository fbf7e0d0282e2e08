import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const clusterNoRemoteLogin: ResourceRule = {
  id: "cluster-no-remote-login",
  title: "Nodes of a cluster have no open login port",
  reason: "An SSH port can be scanned and attacked.",
  fix: "Set properties.properties.remoteLoginPortPublicAccess to Disabled.",
  covers: {},
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["machinelearningservices:Compute"],
  check: (props) =>
    when(
      at(props, "properties.computeType") === "AmlCompute" &&
        at(props, "properties.properties.remoteLoginPortPublicAccess") !== "Disabled",
      "properties.properties.remoteLoginPortPublicAccess is not Disabled",
    ),
};
