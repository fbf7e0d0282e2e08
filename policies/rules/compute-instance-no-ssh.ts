import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const computeInstanceNoSsh: ResourceRule = {
  id: "compute-instance-no-ssh",
  title: "A compute instance has no open SSH port",
  reason: "An SSH port can be scanned and attacked.",
  fix: "Set properties.properties.sshSettings.sshPublicAccess to Disabled.",
  covers: {},
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["machinelearningservices:Compute"],
  check: (props) =>
    when(
      at(props, "properties.computeType") === "ComputeInstance" &&
        at(props, "properties.properties.sshSettings.sshPublicAccess") === "Enabled",
      "properties.properties.sshSettings.sshPublicAccess is Enabled",
    ),
};
