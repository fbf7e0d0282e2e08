import { at, record } from "../plain";
import type { StackRule } from "../rule";

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
    const workspaces = resources.filter(({ kind }) => kind === "machinelearningservices:Workspace");
    if (workspaces.length === 0) return [];
    const reached = resources
      .filter(({ kind }) => kind === "network:PrivateEndpoint")
      .flatMap(({ properties }) =>
        Object.values(record(at(properties, "privateLinkServiceConnections"))).map(record),
      )
      .filter((connection) => Object.values(record(connection["groupIds"])).includes("amlworkspace"));
    return reached.length >= workspaces.length
      ? []
      : workspaces.map((resource) => ({
          resource,
          problem: `the stack has ${workspaces.length} workspaces and ${reached.length} private endpoints to one`,
        }));
  },
};
