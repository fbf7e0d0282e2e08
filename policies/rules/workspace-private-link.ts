import { at, record } from "../plain";
import { isNamed } from "../related";
import type { Seen, StackRule } from "../rule";

export const workspacePrivateLink: StackRule = {
  id: "workspace-private-link",
  title: "A workspace has a private endpoint",
  reason: "Without one a workspace that is closed to the internet is reached by nobody.",
  fix: "Declare a private endpoint with groupIds amlworkspace to the workspace.",
  covers: {
    azurePolicy: [
      "45e05259-1eb5-4f70-9574-baf73e9d219b",
      "7838fd83-5cbb-4b5d-888c-bfa240972597",
      "ee40564d-486e-4f68-a5ca-7a621edae0fb",
    ],
    checkov: ["CKV_AZURE_243"],
    mcsb: ["NS-2"],
  },
  levels: { dev: "advisory", prod: "mandatory" },
  checkStack: (resources) => {
    const endpoints = resources.filter(({ kind }) => kind === "network:PrivateEndpoint");
    return resources
      .filter(({ kind }) => kind === "machinelearningservices:Workspace")
      .filter((workspace) => !isNamed(workspace, endpoints, "privateLinkServiceConnections", targetsOf))
      .map((resource) => ({ resource, problem: "no private endpoint of the stack leads to it" }));
  },
};

/** Ids of the workspaces that a private endpoint leads to. */
function targetsOf({ properties }: Seen): readonly unknown[] {
  return Object.values(record(at(properties, "privateLinkServiceConnections")))
    .map(record)
    .filter((connection) => Object.values(record(connection["groupIds"])).includes("amlworkspace"))
    .map((connection) => connection["privateLinkServiceId"]);
}
