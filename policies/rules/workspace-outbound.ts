import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const workspaceOutbound: ResourceRule = {
  id: "workspace-outbound",
  title: "A workspace's machines reach only what is approved",
  reason: "Code that trains or serves could send data to any address.",
  fix: "Set managedNetwork.isolationMode to AllowOnlyApprovedOutbound.",
  covers: { azurePolicy: ["6ddb1705-c8cf-450e-aa4b-19ad6703c440"] },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["machinelearningservices:Workspace"],
  check: (props) =>
    when(
      at(props, "managedNetwork.isolationMode") !== "AllowOnlyApprovedOutbound",
      "managedNetwork.isolationMode is not AllowOnlyApprovedOutbound",
    ),
};
