import type { RoleAssignment } from "@pulumi/azure-native/authorization";
import { getComputeOutput, type Compute } from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import { resourceParts, workspaceParts } from "../providers/clients/arm-id";
import { armId, flag, listOf, objectOf, optional, text } from "../providers/rules";
import { isKnown, type Constraint } from "./args";
import { computeName } from "./naming";
import { assignRole, type Role } from "./roles";

/** Who jobs on a compute act as: an identity of its own, or identities that are there already. Never both. */
export interface ComputeIdentity {
  /** Whether the compute has an identity of its own, which ends with it. */
  readonly systemAssigned?: boolean;
  /** ARM ids of user-assigned identities, which bring their roles along. The first is the one that jobs use unless they name another. */
  readonly userAssignedIds?: pulumi.Input<pulumi.Input<string>[]>;
}

/** What the jobs of a compute's own identity may reach. */
export interface ComputeAccess {
  /**
   * ARM id of the workspace's storage account. The compute's own identity gets Storage Blob Data Contributor on it: jobs read code and data there, and
   * write models and outputs. Without it, none.
   */
  readonly storageAccountId?: pulumi.Input<string>;
  /** ARM id of the workspace's container registry. The compute's own identity gets AcrPull on it. Without it, none. */
  readonly containerRegistryId?: pulumi.Input<string>;
}

/** Where a compute's machines are in the network. */
export interface ComputeNetwork {
  /** ARM id of the subnet of your own that the machines are in, in the workspace's subscription. None by default. Fixed. */
  readonly subnetId?: pulumi.Input<string>;
  /** Whether the workspace has a managed network, which its computes are in then. False by default. */
  readonly managedNetwork?: pulumi.Input<boolean>;
  /**
   * Whether machines have addresses in the internet. By default only where they are in neither a subnet nor a managed network: Azure can't reach them
   * otherwise. Fixed.
   */
  readonly nodePublicIp?: pulumi.Input<boolean>;
}

/** Whom Azure ML signs in by SSH. */
export const SSH_USER = "azureuser";

const CLUSTERS = "docs:how-to-create-attach-compute-cluster";
const IDENTITIES = "docs:how-to-identity-based-service-authentication";
const TRAINING_NETWORK = "docs:how-to-secure-training-vnet";

export const workspaceId = armId("Microsoft.MachineLearningServices/workspaces");
export const vmSize = text("an Azure VM size, for instance Standard_DS3_v2", /^Standard_\w+$/i);
export const azureComputeName = text(
  "3 to 24 letters, digits and dashes, a letter first and one somewhere after a dash, no dash last",
  /^(?=.{3,24}$)[a-zA-Z]([a-zA-Z0-9]|-(?=[a-zA-Z0-9-]*[a-zA-Z]))*[a-zA-Z0-9]$/,
  CLUSTERS,
);
export const sshPublicKey = text(
  "an RSA public key as ssh-keygen writes it: ssh-rsa and its text",
  /^ssh-rsa AAAA[0-9A-Za-z+/]+=*( [^\n]*)?\n?$/,
  "models 2025-12-01, ComputeInstanceSshSettings.adminPublicKey",
);
const userAssignedIdentity = armId("Microsoft.ManagedIdentity/userAssignedIdentities");
export const computeIdentity = objectOf<ComputeIdentity>({
  systemAssigned: optional(flag()),
  userAssignedIds: optional(listOf(userAssignedIdentity, { least: 1 })),
});
export const accessRules = {
  storageAccountId: optional(armId("Microsoft.Storage/storageAccounts")),
  containerRegistryId: optional(armId("Microsoft.ContainerRegistry/registries")),
};
export const networkRules = {
  subnetId: optional(armId("Microsoft.Network/virtualNetworks/subnets")),
  managedNetwork: optional(flag()),
  nodePublicIp: optional(flag()),
};

/** What every compute is in. */
export interface InWorkspace {
  /** ARM id of the workspace. */
  readonly workspaceId: pulumi.Input<string>;
}

/** The args that decide who a compute acts as. */
export interface IdentityArgs extends ComputeAccess {
  readonly identity?: ComputeIdentity;
}

/**
 * @param type begins the rules' ids: `compute-cluster`
 * @param byDefault whether the compute has an identity of its own when nothing is said
 */
export function identityConstraints(type: string, byDefault = true): readonly Constraint<IdentityArgs>[] {
  return [
    {
      id: `${type}-two-identities`,
      source: `${IDENTITIES}: one system-assigned identity or several user-assigned ones, not both concurrently`,
      problems: ({ identity }) =>
        identity?.systemAssigned === true && identity.userAssignedIds !== undefined
          ? [
              {
                path: "identity",
                value: identity,
                reason: "it must be systemAssigned or userAssignedIds, not both",
              },
            ]
          : [],
    },
    {
      id: `${type}-roles-of-brought-identity`,
      source: `${IDENTITIES}: the roles of user-assigned identities are managed by you`,
      problems: ({ identity, storageAccountId, containerRegistryId }) =>
        hasOwnIdentity(identity ?? { systemAssigned: byDefault })
          ? []
          : Object.entries({ storageAccountId, containerRegistryId })
              .filter(([, value]) => value !== undefined)
              .map(([path, value]) => ({
                path,
                value,
                reason:
                  "only an identity of the compute's own is given roles; those of identities that you bring are yours to give",
              })),
    },
  ];
}

/** @param type begins the rules' ids: `compute-cluster` */
export function networkConstraints(type: string): readonly Constraint<ComputeNetwork & InWorkspace>[] {
  return [
    {
      id: `${type}-no-public-ip-without-network`,
      source: `${TRAINING_NETWORK}: no public IP takes a virtual network with a private endpoint of the workspace, or a managed network`,
      problems: ({ nodePublicIp, subnetId, managedNetwork = false }) =>
        nodePublicIp === false && subnetId === undefined && managedNetwork === false
          ? [
              {
                path: "nodePublicIp",
                value: nodePublicIp,
                reason:
                  "without subnetId and managedNetwork it must be true: Azure could not reach the machines",
              },
            ]
          : [],
    },
    {
      id: `${type}-subnet-beside-managed-network`,
      source: `${TRAINING_NETWORK}: with a managed virtual network, computes can't be deployed in your own`,
      problems: ({ subnetId, managedNetwork }) =>
        subnetId !== undefined && managedNetwork === true
          ? [
              {
                path: "subnetId",
                value: isKnown(subnetId) ? subnetId : "an output",
                reason: "with managedNetwork it must be left out",
              },
            ]
          : [],
    },
    {
      id: `${type}-subnet-of-another-subscription`,
      source: `${TRAINING_NETWORK}: the network must be in the workspace's subscription`,
      problems: ({ subnetId, workspaceId }) =>
        typeof subnetId === "string" &&
        typeof workspaceId === "string" &&
        subscriptionOf(subnetId) !== subscriptionOf(workspaceId)
          ? [{ path: "subnetId", value: subnetId, reason: "it must be in the workspace's subscription" }]
          : [],
    },
  ];
}

function subscriptionOf(id: string): string {
  return resourceParts(id).subscriptionId.toLowerCase();
}

export function hasOwnIdentity(
  identity: { readonly systemAssigned?: boolean; readonly userAssignedIds?: unknown } = {},
): boolean {
  const { userAssignedIds, systemAssigned = userAssignedIds === undefined } = identity;
  return systemAssigned;
}

/** The identity as azure-native takes it. */
export function identityOf(identity: ComputeIdentity | undefined): {
  type: string;
  userAssignedIdentities?: pulumi.Input<pulumi.Input<string>[]>;
} {
  if (identity?.userAssignedIds !== undefined)
    return { type: "UserAssigned", userAssignedIdentities: identity.userAssignedIds };
  return { type: hasOwnIdentity(identity) ? "SystemAssigned" : "None" };
}

/** Public addresses are there only where Azure could not reach the machines without them. */
export function publicIpOf({
  nodePublicIp,
  subnetId,
  managedNetwork,
}: ComputeNetwork): pulumi.Input<boolean> {
  if (nodePublicIp !== undefined) return nodePublicIp;
  return subnetId === undefined && pulumi.output(managedNetwork ?? false).apply((managed) => !managed);
}

/** How a compute is called, and how another one takes its place. */
export interface Replacement {
  readonly computeName: pulumi.Input<string>;
  readonly options: pulumi.CustomResourceOptions;
}

/**
 * A compute whose name is not given is called after what is fixed, so that its replacement stands beside it before it goes. One with a name of the
 * caller's goes first: both would have the same.
 *
 * @param fixed what Azure takes when a compute is made and never again
 */
export function replacementOf(
  purpose: string,
  given: pulumi.Input<string> | undefined,
  fixed: Readonly<Record<string, unknown>>,
  most?: number,
): Replacement {
  const known = pulumi.output(fixed).apply(canonical);
  return given === undefined
    ? {
        computeName: known.apply((values) => computeName(purpose, values, most)),
        options: { deleteBeforeReplace: false },
      }
    : { computeName: given, options: { deleteBeforeReplace: true, replacementTrigger: known } };
}

/** What Azure reads without regard to case, and answers in another than it was given. */
const CASELESS: ReadonlySet<string> = new Set(["clusterId", "id", "location", "vmSize", "workspaceId"]);

/** One text for what is the same to Azure: neither the order of keys counts, nor what is left out. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (key, item: unknown) => {
    if (typeof item === "string") return CASELESS.has(key) ? item.toLowerCase() : item;
    if (typeof item !== "object" || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}

/**
 * Gives the compute's own identity what its jobs need.
 *
 * @param further roles by what ends their names, each with its scope
 */
export function giveRoles(
  name: string,
  compute: Compute,
  { identity, storageAccountId, containerRegistryId, workspaceId }: IdentityArgs & InWorkspace,
  parent: pulumi.Resource,
  further: readonly ComputeRole[] = [],
): RoleAssignment[] {
  if (!hasOwnIdentity(identity)) return [];
  // Asked of Azure, because a preview of a change knows the compute's name but not this output: it would show every role as replaced.
  const made = getComputeOutput({ ...workspaceOf(workspaceId), computeName: compute.name }, { parent });
  const principalId = made.apply(({ identity: own }) => own?.principalId ?? "");
  const wanted: readonly ComputeRole[] = [
    ...(storageAccountId === undefined
      ? []
      : [{ suffix: "storage", role: "storageBlobDataContributor", scope: storageAccountId } as const]),
    ...(containerRegistryId === undefined
      ? []
      : [{ suffix: "registry", role: "acrPull", scope: containerRegistryId } as const]),
    ...further,
  ];
  return wanted.map(({ suffix, role, scope }) =>
    assignRole(
      `${name}-${suffix}`,
      { role, scope, principalId, principalType: "ServicePrincipal" },
      { parent },
    ),
  );
}

/** A role of a compute's own identity. */
export interface ComputeRole {
  readonly suffix: string;
  readonly role: Role;
  readonly scope: pulumi.Input<string>;
}

/** The inputs that say which workspace a compute is in. */
export function workspaceOf(id: pulumi.Input<string>): {
  resourceGroupName: pulumi.Output<string>;
  workspaceName: pulumi.Output<string>;
} {
  const { resourceGroupName, workspaceName } = pulumi.output(id).apply(workspaceParts);
  return { resourceGroupName, workspaceName };
}
