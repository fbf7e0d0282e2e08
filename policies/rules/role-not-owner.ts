import { at, when } from "../plain";
import type { ResourceRule } from "../rule";

export const roleNotOwner: ResourceRule = {
  id: "role-not-owner",
  title: "Nobody is given the role Owner",
  reason: "An owner gives roles to others; none of what the stack makes needs to.",
  fix: "Give a role for what is done there, as AzureML Data Scientist.",
  covers: {},
  levels: { dev: "advisory", prod: "mandatory" },
  of: ["authorization:RoleAssignment"],
  check: (props) =>
    when(
      String(at(props, "roleDefinitionId")).toLowerCase().endsWith("8e3af657-a8ff-443c-a75c-2fe8c4bcb635"),
      "roleDefinitionId is Owner",
    ),
};
