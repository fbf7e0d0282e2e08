import { RoleAssignment } from "@pulumi/azure-native/authorization";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { resourceParts } from "../providers/clients/arm-id";

/** Azure's built-in roles that the components give. */
export const roles = {
  acrPull: "7f951dda-4ed3-4680-a7ca-43fe172d538d",
  contributor: "b24988ac-6180-42a0-ab88-20f7382dd24c",
  keyVaultCryptoServiceEncryptionUser: "e147488a-f6f5-4113-8e2d-b22465e65bf6",
  keyVaultAdministrator: "00482a5a-887f-4fb3-b363-3b7fe8e74483",
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
  storageBlobDataContributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
} as const;

export type Role = keyof typeof roles;

interface AssignmentArgs {
  /** ARM id of what the role is for. */
  readonly scope: pulumi.Input<string>;
  /** Object id of who gets it. */
  readonly principalId: pulumi.Input<string>;
  /** `ServicePrincipal` (a managed identity is one too), `User` or `Group`. */
  readonly principalType: pulumi.Input<string>;
}

export interface RoleAssignmentArgs extends AssignmentArgs {
  readonly role: Role;
}

export interface OwnRoleAssignmentArgs extends AssignmentArgs {
  /** GUID of a role of the tenant's own. */
  readonly roleGuid: pulumi.Input<string>;
}

/** Gives one of Azure's roles. */
export function assignRole(
  name: string,
  { role, ...args }: RoleAssignmentArgs,
  opts: pulumi.CustomResourceOptions,
): RoleAssignment {
  return assignOwnRole(name, { roleGuid: roles[role], ...args }, opts);
}

/** Gives a role by its GUID. Azure refuses a second assignment of the same three, so its name follows from them. */
export function assignOwnRole(
  name: string,
  { roleGuid, scope, principalId, principalType }: OwnRoleAssignmentArgs,
  opts: pulumi.CustomResourceOptions,
): RoleAssignment {
  const at = pulumi.output(scope);
  return new RoleAssignment(
    name,
    {
      roleAssignmentName: pulumi
        .all([at, roleGuid, principalId])
        .apply(([id, guid, principal]) => assignmentName(id, guid, principal)),
      scope: at,
      roleDefinitionId: pulumi
        .all([at, roleGuid])
        .apply(([id, guid]) => definitionId(resourceParts(id).subscriptionId, guid)),
      principalId,
      principalType,
    },
    // Another principal's assignment has another name. Deleted first, as azure-native does by itself, it would take along whatever is made
    // after it: the endpoints too. And a protection of the stack's data is not one of who may do what.
    { ...opts, deleteBeforeReplace: false, protect: false },
  );
}

export function roleDefinitionId(subscriptionId: string, role: Role): string {
  return definitionId(subscriptionId, roles[role]);
}

function definitionId(subscriptionId: string, guid: string): string {
  return `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
}

/** RFC 4122's namespace for object identifiers. */
const NAMESPACE = Buffer.from("6ba7b8129dad11d180b400c04fd430c8", "hex");

/** A GUID (version 5) of scope, role and principal: the same for the same three, in whatever case Azure spells them. */
export function assignmentName(scope: string, roleId: string, principalId: string): string {
  const text = [scope, roleId, principalId].join("|").toLowerCase();
  const bytes = createHash("sha1").update(NAMESPACE).update(text).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
