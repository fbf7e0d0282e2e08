import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const computeInstanceIdleShutdown: ResourceRule = {
  id: "compute-instance-idle-shutdown",
  title: "A compute instance that nobody uses stops",
  reason: "A forgotten machine costs money and stays open.",
  fix: "Set properties.properties.idleTimeBeforeShutdown, for instance PT30M.",
  covers: { azurePolicy: ["679ddf89-ab8f-48a5-9029-e76054077449"], psRule: ["AZR-000403"] },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["machinelearningservices:Compute"],
  check: (props) =>
    when(
      at(props, "properties.computeType") === "ComputeInstance" &&
        at(props, "properties.properties.idleTimeBeforeShutdown") === undefined,
      "properties.properties.idleTimeBeforeShutdown is missing",
    ),
};
