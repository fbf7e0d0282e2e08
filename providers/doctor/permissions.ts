import type { Arm } from "../clients/arm";
import { resourceGroupIdOf } from "../clients/arm-id";
import { ok, problem, type Finding } from "./finding";
import type { SignedIn } from "./sign-in";

const API_VERSION = "2022-04-01";
const ML = "Microsoft.MachineLearningServices/workspaces";

/** One role's, at a scope or above it, as `Microsoft.Authorization/permissions` tells them of who asks. */
export interface Permission {
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly dataActions?: readonly string[];
  readonly notDataActions?: readonly string[];
}

interface Need {
  readonly to: string;
  readonly at: "resource group" | "workspace";
  readonly actions?: readonly string[];
  readonly dataActions?: readonly string[];
  /** The built-in one that has them, and little more. */
  readonly role: string;
}

/** What `pulumi up`, a job that tracks and who calls an endpoint do. */
const NEEDS: readonly Need[] = [
  {
    to: "create resources",
    at: "resource group",
    actions: [
      `${ML}/write`,
      "Microsoft.Storage/storageAccounts/write",
      "Microsoft.KeyVault/vaults/write",
      "Microsoft.ManagedIdentity/userAssignedIdentities/write",
      "Microsoft.OperationalInsights/workspaces/write",
      "Microsoft.Insights/components/write",
    ],
    role: "Contributor",
  },
  {
    to: "assign roles",
    at: "resource group",
    actions: ["Microsoft.Authorization/roleAssignments/write"],
    role: "Role Based Access Control Administrator",
  },
  {
    to: "upload blobs",
    at: "resource group",
    dataActions: ["read", "write"].map(
      (verb) => `Microsoft.Storage/storageAccounts/blobServices/containers/blobs/${verb}`,
    ),
    role: "Storage Blob Data Contributor",
  },
  {
    to: "track",
    at: "workspace",
    actions: [`${ML}/experiments/write`, `${ML}/experiments/runs/write`],
    role: "AzureML Data Scientist",
  },
  {
    to: "register models",
    at: "workspace",
    actions: [`${ML}/models/write`, `${ML}/models/versions/write`],
    role: "AzureML Data Scientist",
  },
  {
    to: "deploy",
    at: "workspace",
    actions: [`${ML}/onlineEndpoints/write`, `${ML}/onlineEndpoints/deployments/write`],
    role: "AzureML Data Scientist",
  },
  {
    to: "score",
    at: "workspace",
    actions: [`${ML}/onlineEndpoints/score/action`],
    role: "AzureML Data Scientist",
  },
];

export interface Scope {
  /** ARM id of a resource group, or of a workspace. */
  readonly id: string;
  readonly permissions: readonly Permission[];
}

/** What who asks may do at a scope. @throws ArmError */
export async function readPermissions(arm: Arm, id: string): Promise<Scope> {
  return {
    id,
    permissions: await arm.list(`${id}/providers/Microsoft.Authorization/permissions`, {
      apiVersion: API_VERSION,
    }),
  };
}

/**
 * Each need with its role.
 *
 * @param workspace undefined where there is none yet: what is done in one is told of the group that it will be in
 */
export function permissionFindings(group: Scope, workspace: Scope | undefined, who: SignedIn): Finding[] {
  return NEEDS.map(({ to, at, actions = [], dataActions = [], role }) => {
    const { id, permissions } = (at === "workspace" ? workspace : undefined) ?? group;
    const missing = [
      ...actions.filter((action) => !allows(permissions, action, "actions", "notActions")),
      ...dataActions.filter((action) => !allows(permissions, action, "dataActions", "notDataActions")),
    ];
    if (missing.length === 0) return ok(`role: ${to}`, `at ${nameOf(id)}`);
    return problem(
      `role: ${to}`,
      `at ${nameOf(id)} nothing allows ${missing.join(", ")}`,
      `az role assignment create --assignee-object-id ${who.objectId} --assignee-principal-type ${who.type} --role "${role}" --scope ${id}`,
    );
  });
}

/** ARM ids of where a workspace's permissions are asked for. */
export function scopesOf(workspaceId: string): readonly [string, string] {
  return [resourceGroupIdOf(workspaceId), workspaceId];
}

function nameOf(id: string): string {
  const [kind = "", name = ""] = id.split("/").slice(-2);
  return kind.toLowerCase() === "resourcegroups" ? `resource group ${name}` : `workspace ${name}`;
}

type Kind = keyof Permission;

/** What a role's `not…` takes away is taken from that role alone. */
function allows(permissions: readonly Permission[], action: string, given: Kind, taken: Kind): boolean {
  return permissions.some(
    (permission) =>
      (permission[given] ?? []).some((pattern) => covers(pattern, action)) &&
      !(permission[taken] ?? []).some((pattern) => covers(pattern, action)),
  );
}

// A star is any piece; one between two slashes may be missing, as Microsoft's own roles have it: computes/*/write covers computes/write.
function covers(pattern: string, action: string): boolean {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("/*/", "/(.*/)?").replace(/(?<!\.)\*/g, ".*")}$`, "i").test(
    action,
  );
}
