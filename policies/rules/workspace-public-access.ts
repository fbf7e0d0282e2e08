import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const workspacePublicAccess: ResourceRule = {
  id: "workspace-public-access",
  title: "A workspace is not reached from the internet",
  reason: "Whoever gets hold of a token could use the workspace from anywhere.",
  fix: "Set publicNetworkAccess to Disabled and reach the workspace by a private endpoint.",
  covers: { azurePolicy: ["438c38d2", "a10ee784"], psRule: ["AZR-000406"], checkov: ["CKV_AZURE_144"] },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["machinelearningservices:Workspace"],
  check: (props) =>
    when(at(props, "publicNetworkAccess") !== "Disabled", "publicNetworkAccess is not Disabled"),
};
