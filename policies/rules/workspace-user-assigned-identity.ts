import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const workspaceUserAssignedIdentity: ResourceRule = {
  id: "workspace-user-assigned-identity",
  title: "A workspace acts as an identity of its own",
  reason: "The roles of a system-assigned identity go with the workspace and come back with another one.",
  fix: "Set identity.type to UserAssigned, or SystemAssigned,UserAssigned, with the identity's id.",
  covers: { azurePolicy: ["5f0c7d88-c7de-45b8-ac49-db49e72eaa78"], psRule: ["AZR-000407"], mcsb: ["IM-3"] },
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["machinelearningservices:Workspace"],
  check: (props) =>
    when(!String(at(props, "identity.type")).includes("UserAssigned"), "identity.type has no UserAssigned"),
};
