import { getClientConfigOutput, RoleDefinition } from "@pulumi/azure-native/authorization";
import { getWorkspaceOutput } from "@pulumi/azure-native/machinelearningservices";
import {
  FederatedIdentityCredential,
  getUserAssignedIdentityOutput,
  UserAssignedIdentity,
} from "@pulumi/azure-native/managedidentity";
import * as pulumi from "@pulumi/pulumi";
import { resourceGroupIdOf, resourceParts, workspaceParts } from "../providers/clients/arm-id";
import { after } from "./after";
import { checkArgs } from "./args";
import { federationOf } from "./federated-subject";
import { azureName } from "./naming";
import { assignmentName, assignOwnRole, assignRole } from "./roles";
import { createSuffix } from "./suffix";
import {
  trackingAccessConstraints,
  trackingAccessRules,
  type TrackingAccessArgs,
  type TrackingFederation,
} from "./tracking-access-args";
import { trackingPermission } from "./tracking-roles";
import { trackingScripts, type TrackingScripts } from "./tracking-scripts";

/**
 * Lets someone outside Azure ML track into a workspace: a service principal, a managed identity, or whoever signs in by federated tokens (GitHub Actions, Azure DevOps,
 * Kubernetes, any OpenID issuer). Gives them the least role for it, of the tenant's own (whoever runs `up` must be allowed to make one: Owner or User Access
 * Administrator of the resource group), and says what to set where they run. Costs nothing.
 */
export class TrackingAccess extends pulumi.ComponentResource {
  /** MLflow's tracking and registry address, as ARM tells it. */
  declare readonly trackingUri: pulumi.Output<string>;
  /** Object id of who tracks. */
  declare readonly principalId: pulumi.Output<string>;
  /** ARM id of the user-assigned identity, made here or given; undefined for others. */
  declare readonly identityId: pulumi.Output<string> | undefined;
  /**
   * The variables to set where the tracking happens: `MLFLOW_TRACKING_URI`, `AZURE_TENANT_ID`, and `AZURE_CLIENT_ID` where it is known; with `clientSecret` also
   * `AZURE_CLIENT_SECRET`, and all of it is a secret then, else nothing is.
   */
  declare readonly environment: pulumi.Output<Record<string, string>>;
  /** Programs for bash, Python and R that log a run, and hold nothing but code. */
  declare readonly scripts: pulumi.Output<TrackingScripts>;

  constructor(name: string, args: TrackingAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:TrackingAccess", name, {}, opts);
    args = checkArgs("TrackingAccess", name, args, trackingAccessRules, trackingAccessConstraints);
    const workspaceId = pulumi.output(args.workspaceId);
    const tracker = trackerOf(name, args, this);
    const roles = giveRoles(name, args, tracker.principalId, this);

    const place = workspaceId.apply(workspaceParts);
    this.trackingUri = getWorkspaceOutput(
      { resourceGroupName: place.resourceGroupName, workspaceName: place.workspaceName },
      { parent: this },
    ).apply(({ mlFlowTrackingUri }) => mlFlowTrackingUri);
    this.principalId = tracker.principalId;
    this.identityId = tracker.identityId;
    this.environment = pulumi
      .all({
        // Who has the variables may use them.
        MLFLOW_TRACKING_URI: after(this.trackingUri, roles),
        AZURE_TENANT_ID: getClientConfigOutput({ parent: this }).tenantId,
        ...(tracker.clientId && { AZURE_CLIENT_ID: tracker.clientId }),
        ...(tracker.clientSecret && { AZURE_CLIENT_SECRET: pulumi.secret(tracker.clientSecret) }),
      })
      .apply((variables) => variables as Record<string, string>);
    this.scripts = pulumi.output(args.level ?? "track").apply(trackingScripts);
    this.registerOutputs({
      trackingUri: this.trackingUri,
      principalId: this.principalId,
      identityId: this.identityId,
      environment: this.environment,
      scripts: this.scripts,
    });
  }
}

interface Tracker {
  readonly principalId: pulumi.Output<string>;
  readonly identityId?: pulumi.Output<string>;
  readonly clientId?: pulumi.Input<string>;
  readonly clientSecret?: pulumi.Input<string>;
}

function trackerOf(name: string, args: TrackingAccessArgs, parent: pulumi.Resource): Tracker {
  const { who } = args;
  if (who.kind === "Federated") return createFederation(name, args, who, parent);
  if (who.kind === "ServicePrincipal") {
    const { objectId, clientId, clientSecret } = who;
    return {
      principalId: pulumi.output(objectId),
      clientId,
      ...(clientSecret === undefined ? {} : { clientSecret }),
    };
  }
  if (who.id === undefined) return { principalId: pulumi.output(who.principalId ?? "") };
  return identityAt(pulumi.output(who.id), parent);
}

/** Asked of Azure, because a preview of a change of the identity's tags knows none of its outputs: it would show every role as replaced. */
function identityAt(id: pulumi.Output<string>, parent: pulumi.Resource): Tracker {
  const parts = id.apply(resourceParts);
  const found = getUserAssignedIdentityOutput(
    { resourceGroupName: parts.resourceGroupName, resourceName: parts.name },
    { parent },
  );
  return { principalId: found.principalId, clientId: found.clientId, identityId: id };
}

function createFederation(
  name: string,
  { workspaceId, tags }: TrackingAccessArgs,
  { location, credentials }: TrackingFederation,
  parent: pulumi.Resource,
): Tracker {
  const { resourceGroupName } = pulumi.output(workspaceId).apply(workspaceParts);
  const resourceName = createSuffix(name, parent).apply((tail) =>
    azureName("userAssignedIdentity", name, tail),
  );
  const identity = new UserAssignedIdentity(
    `${name}-identity`,
    { resourceGroupName, resourceName, location, tags },
    { parent },
  );
  // Azure refuses to write two credentials of an identity at once.
  let before: FederatedIdentityCredential | undefined;
  for (const [key, credential] of Object.entries(credentials)) {
    const { issuer, subject, audience } = federationOf(credential);
    before = new FederatedIdentityCredential(
      `${name}-${key}`,
      {
        resourceGroupName,
        resourceName: identity.name,
        federatedIdentityCredentialResourceName: key,
        issuer,
        subject,
        audiences: [audience],
      },
      { parent, protect: false, ...(before && { dependsOn: before }) },
    );
  }
  return identityAt(identity.id, parent);
}

function giveRoles(
  name: string,
  { workspaceId, level = "track", storageAccountId }: TrackingAccessArgs,
  principalId: pulumi.Output<string>,
  parent: pulumi.Resource,
): pulumi.CustomResource[] {
  const principalType = "ServicePrincipal";
  const scope = pulumi.output(workspaceId);
  // One for each who: a level that changes is written into it, and nobody else's changes along.
  const roleGuid = pulumi
    .all([scope, principalId])
    .apply(([id, principal]) => assignmentName(id, "tracking", principal));
  const group = scope.apply(resourceGroupIdOf);
  const definition = new RoleDefinition(
    `${name}-role`,
    {
      roleDefinitionId: roleGuid,
      // Where Azure lets a role be assignable: a resource group, and what is in it. It is given on the workspace alone.
      scope: group,
      assignableScopes: [group],
      // Unique in the tenant.
      roleName: pulumi
        .all([scope, level, roleGuid])
        .apply(([id, wanted, guid]) => `MLflow ${wanted} on ${resourceParts(id).name} (${guid.slice(0, 8)})`),
      roleType: "CustomRole",
      description: pulumi.interpolate`What ${name} may do in one workspace from outside: level ${level}.`,
      permissions: pulumi.output(level).apply((wanted) => [trackingPermission(wanted)]),
    },
    { parent, deleteBeforeReplace: false, protect: false },
  );
  const given = assignOwnRole(
    `${name}-workspace`,
    { roleGuid, scope, principalId, principalType },
    { parent, dependsOn: definition },
  );
  if (storageAccountId === undefined) return [given];
  const storage = { role: "storageBlobDataContributor", scope: storageAccountId } as const;
  return [given, assignRole(`${name}-storage`, { ...storage, principalId, principalType }, { parent })];
}
