import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const workspaceDatastoreIdentity: ResourceRule = {
  id: "workspace-datastore-identity",
  title: "A workspace's own datastores hold no key",
  reason: "Keys of the storage account stay valid until somebody regenerates them, and name nobody.",
  fix: "Set systemDatastoresAuthMode to identity.",
  covers: {},
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["machinelearningservices:Workspace"],
  check: (props) =>
    when(
      !/^identity$/i.test(String(at(props, "systemDatastoresAuthMode"))),
      "systemDatastoresAuthMode is not identity",
    ),
};
