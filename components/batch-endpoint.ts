import * as ml from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import { BatchEndpointSettings } from "../providers/batch-endpoint/resource";
import { workspaceParts } from "../providers/clients/arm-id";
import type { Rules } from "../providers/rules";
import { after } from "./after";
import { checkArgs, InvalidArgs } from "./args";
import type { BatchDeployment } from "./batch-deployment";
import { endpointRules } from "./endpoint-args";
import { agentIdentity } from "./identity";
import { azureName } from "./naming";
import { createSuffix } from "./suffix";
import type { Tags } from "./tags";

export interface BatchEndpointArgs {
  /** ARM id of the workspace. */
  readonly workspaceId: pulumi.Input<string>;
  /** The workspace's region. */
  readonly location: pulumi.Input<string>;
  /**
   * 3 to 32 letters, digits and single dashes, a letter first; unique in the region, online endpoints among them. By default made of the component's name and a random
   * end.
   */
  readonly endpointName?: pulumi.Input<string>;
  /** ARM id of the user-assigned identity that the endpoint has. By default it has one of its own. Jobs act as whoever calls, and read data as their compute's identity. */
  readonly identityId?: pulumi.Input<string>;
  /** Shown in the studio. */
  readonly description?: pulumi.Input<string>;
  /** Of the endpoint. */
  readonly tags?: Tags;
}

export const batchEndpointRules: Rules<BatchEndpointArgs> = endpointRules;

/** What `makeDefault` names its resource after; a field, even a private one, would be an output of the component in other languages. */
const logicalNames = new WeakMap<BatchEndpoint, string>();

/**
 * A batch endpoint: the address where files are handed in to be scored by jobs. Deployments are declared beside it; callers sign in with Entra tokens, the only way that Azure has
 * for it.
 *
 * azure-native's resource creates and deletes it. Its PUT replaces the whole endpoint with the program's inputs, among which the default deployment
 * isn't, so everything that can change is written by a resource that reads, merges and writes the whole.
 */
export class BatchEndpoint extends pulumi.ComponentResource {
  /** ARM id; a deployment's `endpointId` takes it. */
  declare readonly id: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;
  /** Where jobs are handed in: `https://…/jobs`. */
  declare readonly scoringUri: pulumi.Output<string>;

  constructor(name: string, args: BatchEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:BatchEndpoint", name, {}, opts);
    args = checkArgs("BatchEndpoint", name, args, batchEndpointRules);

    const workspace = pulumi.output(args.workspaceId).apply(workspaceParts);
    const identity = agentIdentity(args.identityId);
    const { description } = args;
    const endpoint = new ml.BatchEndpoint(
      name,
      {
        endpointName:
          args.endpointName ??
          createSuffix(name, this).apply((tail) => azureName("batchEndpoint", name, tail)),
        resourceGroupName: workspace.resourceGroupName,
        workspaceName: workspace.workspaceName,
        location: args.location,
        identity,
        properties: { authMode: "AADToken", description },
        tags: args.tags,
      },
      { parent: this, ignoreChanges: ["identity", "kind", "properties", "sku", "tags"] },
    );
    const written = new BatchEndpointSettings(
      `${name}-settings`,
      { endpointId: endpoint.id, identity, description, tags: args.tags },
      { parent: this },
    );

    this.id = after(endpoint.id, [written]);
    this.name = endpoint.name;
    this.scoringUri = endpoint.properties.apply(({ scoringUri }) => scoringUri);
    logicalNames.set(this, name);
    this.registerOutputs({ id: this.id, name: this.name, scoringUri: this.scoringUri });
  }

  /**
   * Sends the calls that name no deployment to this one, once it is there; a default that somebody moved by hand is moved back. Called once an endpoint; where a
   * `RollingBatchDeployment` moves the default, not at all.
   *
   * @throws InvalidArgs where the deployment is another endpoint's, as soon as that is known
   */
  makeDefault(deployment: BatchDeployment): void {
    const name = logicalNames.get(this) ?? "";
    const defaultDeployment = pulumi
      .all([this.id, deployment.id, deployment.name])
      .apply(([endpointId, deploymentId, deploymentName]) => {
        if (deploymentId.toLowerCase().startsWith(`${endpointId}/`.toLowerCase())) return deploymentName;
        const reason = "it must be a deployment of this endpoint";
        throw new InvalidArgs("BatchEndpoint", name, [{ path: "makeDefault", value: deploymentId, reason }]);
      });
    new BatchEndpointSettings(
      `${name}-default`,
      { endpointId: this.id, defaultDeployment },
      { parent: this, dependsOn: [deployment] },
    );
  }
}
