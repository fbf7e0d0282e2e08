import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const computeInstancePersonal: ResourceRule = {
  id: "compute-instance-personal",
  title: "A compute instance's applications are its owner's alone",
  reason: "Who shares a machine acts as its owner.",
  fix: "Set properties.properties.applicationSharingPolicy to Personal.",
  covers: {},
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["machinelearningservices:Compute"],
  check: (props) =>
    when(
      at(props, "properties.computeType") === "ComputeInstance" &&
        at(props, "properties.properties.applicationSharingPolicy") !== "Personal",
      "properties.properties.applicationSharingPolicy is not Personal",
    ),
};
