import type * as pulumi from "@pulumi/pulumi";

/** Who a resource acts as: the user-assigned identity with that ARM id, or else one of its own. */
export function agentIdentity(id: pulumi.Input<string> | undefined): {
  type: string;
  userAssignedIdentities?: pulumi.Input<string>[];
} {
  return id === undefined
    ? { type: "SystemAssigned" }
    : { type: "UserAssigned", userAssignedIdentities: [id] };
}
