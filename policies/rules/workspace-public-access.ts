import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const workspacePublicAccess: ResourceRule = {
  id: "workspace-public-access",
  title: "A workspace is not reached from the internet",
  reason: "Whoever gets hold of a token could use the workspace from anywhere.",
  fix: "Set publicNetworkAccess to Disabled and reach the workspace by a private endpoint.",
  covers: {
    azurePolicy: ["438c38d2-3772-465a-a9cc-7a6666a275ce", "a10ee784-7409-4941-b091-663697637c0f"],
    psRule: ["AZR-000406"],
    checkov: ["CKV_AZURE_144"],
  },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["machinelearningservices:Workspace"],
  check: (props) =>
    when(at(props, "publicNetworkAccess") !== "Disabled", "publicNetworkAccess is not Disabled"),
};
