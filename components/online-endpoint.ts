import * as ml from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import { workspaceParts } from "../providers/clients/arm-id";
import { OnlineEndpointSettings } from "../providers/online-endpoint/resource";
import { oneOf, optional, type Problem, type Rules } from "../providers/rules";
import { after } from "./after";
import { checkArgs, InvalidArgs } from "./args";
import { endpointRules } from "./endpoint-args";
import { azureName } from "./naming";
import type { OnlineDeployment } from "./online-deployment";
import { createSuffix } from "./suffix";
import type { Tags } from "./tags";
import { agentIdentity } from "./identity";

export interface OnlineEndpointArgs {
  /** ARM id of the workspace. */
  readonly workspaceId: pulumi.Input<string>;
  /** The workspace's region. */
  readonly location: pulumi.Input<string>;
  /** 3 to 32 letters, digits and single dashes, a letter first; unique in the region. By default made of the component's name and a random end. */
  readonly endpointName?: pulumi.Input<string>;
  /** How callers sign in: `AADToken` (the default; Entra tokens and roles), `Key`, or `AMLToken`. */
  readonly authMode?: pulumi.Input<string>;
  /** `Enabled` (the default) or `Disabled`: reached through the workspace's private endpoint alone. */
  readonly publicNetworkAccess?: pulumi.Input<string>;
  /**
   * ARM id of the user-assigned identity that pulls images and models; it needs AcrPull and Storage Blob Data Reader before. By default
   * the endpoint has an identity of its own, which Azure gives its roles.
   */
  readonly identityId?: pulumi.Input<string>;
  /** Shown in the studio. */
  readonly description?: pulumi.Input<string>;
  /** Of the endpoint. */
  readonly tags?: Tags;
}

/** What part of an endpoint's requests a deployment gets. */
export interface TrafficShare {
  readonly deployment: OnlineDeployment;
  /** A whole number; 0 or 100 over all shares. */
  readonly percent: pulumi.Input<number>;
}

export const onlineEndpointRules: Rules<OnlineEndpointArgs> = {
  ...endpointRules,
  authMode: optional(oneOf("Key", "AADToken", "AMLToken")),
  publicNetworkAccess: optional(oneOf("Enabled", "Disabled")),
};

/** What `route` names its resource after; a field, even a private one, would be an output of the component in other languages. */
const logicalNames = new WeakMap<OnlineEndpoint, string>();

/**
 * A managed online endpoint: the address that models are served under. Deployments are declared beside it, and `route` sends it to them.
 *
 * azure-native's resource creates and deletes it. Its PUT replaces the whole endpoint with the program's inputs, among which the live traffic
 * isn't, so everything that can change is written by a resource that reads, merges and writes the whole.
 */
export class OnlineEndpoint extends pulumi.ComponentResource {
  /** ARM id; a deployment's `endpointId` takes it. */
  declare readonly id: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;
  /** Where requests are sent: `https://…/score`. */
  declare readonly scoringUri: pulumi.Output<string>;

  constructor(name: string, args: OnlineEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:OnlineEndpoint", name, {}, opts);
    args = checkArgs("OnlineEndpoint", name, args, onlineEndpointRules);

    const workspace = pulumi.output(args.workspaceId).apply(workspaceParts);
    const settings = {
      authMode: args.authMode ?? "AADToken",
      publicNetworkAccess: args.publicNetworkAccess ?? "Enabled",
      description: args.description,
    };
    const identity = agentIdentity(args.identityId);
    const endpoint = new ml.OnlineEndpoint(
      name,
      {
        endpointName:
          args.endpointName ??
          createSuffix(name, this).apply((tail) => azureName("onlineEndpoint", name, tail)),
        resourceGroupName: workspace.resourceGroupName,
        workspaceName: workspace.workspaceName,
        location: args.location,
        identity,
        properties: settings,
        tags: args.tags,
      },
      { parent: this, ignoreChanges: ["identity", "kind", "properties", "sku", "tags"] },
    );
    const written = new OnlineEndpointSettings(
      `${name}-settings`,
      { endpointId: endpoint.id, identity, ...settings, tags: args.tags },
      { parent: this },
    );

    this.id = after(endpoint.id, [written]);
    this.name = endpoint.name;
    this.scoringUri = endpoint.properties.apply(({ scoringUri }) => scoringUri);
    logicalNames.set(this, name);
    this.registerOutputs({ id: this.id, name: this.name, scoringUri: this.scoringUri });
  }

  /**
   * Sends the endpoint's requests to these deployments, and to no others, once they are up. Called once an endpoint; where something else
   * moves the traffic, not at all.
   *
   * @throws InvalidArgs where the percentages are neither 0 nor 100 in total
   */
  route(shares: readonly TrafficShare[]): void {
    const name = logicalNames.get(this) ?? "";
    const problems = shareProblems(shares);
    if (problems.length > 0) throw new InvalidArgs("OnlineEndpoint", name, problems);
    const traffic = pulumi
      .all(shares.map(({ deployment, percent }) => pulumi.all([deployment.name, percent])))
      .apply((entries) => Object.fromEntries(entries) as Record<string, number>);
    new OnlineEndpointSettings(
      `${name}-traffic`,
      { endpointId: this.id, traffic },
      { parent: this, dependsOn: shares.map(({ deployment }) => deployment) },
    );
  }
}

function shareProblems(shares: readonly TrafficShare[]): Problem[] {
  const percentages = shares.map(({ percent }) => percent);
  const known = percentages.filter((percent): percent is number => typeof percent === "number");
  const total = known.reduce((sum, percent) => sum + percent, 0);
  if (known.length < percentages.length || total === 0 || total === 100) return [];
  return [{ path: "route", value: percentages, reason: "it must be 0 or 100 in total" }];
}
