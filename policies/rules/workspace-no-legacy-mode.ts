import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const workspaceNoLegacyMode: ResourceRule = {
  id: "workspace-no-legacy-mode",
  title: "A workspace has the features of version 2",
  reason:
    "Legacy mode takes managed endpoints and other features of version 2 away. A policy must not enforce it.",
  fix: "Leave v1LegacyMode out, or set it to false.",
  covers: {},
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["machinelearningservices:Workspace"],
  check: (props) => when(at(props, "v1LegacyMode") === true, "v1LegacyMode is true"),
};
