import { armId, optional, tags, text } from "../providers/rules";
import { location } from "./workspace-args";

/** What online and batch endpoints have in common. */
export const endpointRules = {
  workspaceId: armId("Microsoft.MachineLearningServices/workspaces"),
  location,
  endpointName: optional(
    text(
      "3 to 32 letters, digits and single dashes, a letter first and no dash last",
      /^(?=.{3,32}$)[a-zA-Z][a-zA-Z0-9]*(-[a-zA-Z0-9]+)*$/,
      "docs:how-to-manage-quotas: endpoint names",
    ),
  ),
  identityId: optional(armId("Microsoft.ManagedIdentity/userAssignedIdentities")),
  description: optional(text("text", /^/)),
  tags: optional(tags),
};
