import * as ml from "@pulumi/azure-native/machinelearningservices";
import * as pulumi from "@pulumi/pulumi";
import { resourceParts, workspaceParts } from "../providers/clients/arm-id";
import { armId, flag, integer, optional, recordOf, tags, text, type Rules } from "../providers/rules";
import { checkArgs, type Constraint } from "./args";
import { mapped } from "./defaults";
import { deploymentName } from "./naming";
import {
  scoringCodeConstraints,
  scoringCodeRules,
  scoringProperties,
  type ScoringCodeArgs,
} from "./scoring-code";
import type { Tags } from "./tags";
import { location } from "./workspace-args";

export interface OnlineDeploymentArgs extends ScoringCodeArgs {
  /** ARM id of the endpoint. */
  readonly endpointId: pulumi.Input<string>;
  /** The workspace's region. */
  readonly location: pulumi.Input<string>;
  /** ARM id of a registered model's version: `id` of `MlflowModel`, which needs neither code nor environment, or of `CustomModel`. */
  readonly model: pulumi.Input<string>;
  /** Azure VM size, as `Standard_DS3_v2`. Another size makes another deployment, which takes the traffic before this one goes. */
  readonly instanceType: pulumi.Input<string>;
  /** How many machines. 1 by default. */
  readonly instances?: pulumi.Input<number>;
  /** Seconds that a request may take, 180 at most. 5 by default. */
  readonly requestTimeoutSeconds?: pulumi.Input<number>;
  /** Requests that one instance answers at a time. 1 by default. */
  readonly concurrentRequestsPerInstance?: pulumi.Input<number>;
  /** Of the process that scores. Everyone who may read the deployment sees them: they are no place for secrets. */
  readonly environmentVariables?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Whether the deployment may reach the internet; without, the workspace needs a managed network. True by default. */
  readonly egressPublicNetworkAccess?: pulumi.Input<boolean>;
  /** Shown in the studio. */
  readonly description?: pulumi.Input<string>;
  /** Of the deployment. */
  readonly tags?: Tags;
}

export const onlineDeploymentRules: Rules<OnlineDeploymentArgs> = {
  endpointId: armId("Microsoft.MachineLearningServices/workspaces/onlineEndpoints"),
  location,
  model: armId("Microsoft.MachineLearningServices/workspaces/models/versions"),
  ...scoringCodeRules,
  instanceType: text("an Azure VM size, for instance Standard_DS3_v2", /^Standard_\w+$/),
  instances: optional(integer(1, 50)),
  requestTimeoutSeconds: optional(integer(1, 180)),
  concurrentRequestsPerInstance: optional(integer(1, 1000)),
  environmentVariables: optional(recordOf(text("text", /^/))),
  egressPublicNetworkAccess: optional(flag()),
  description: optional(text("text", /^/)),
  tags: optional(tags),
};

export const onlineDeploymentConstraints: readonly Constraint<OnlineDeploymentArgs>[] =
  scoringCodeConstraints;

/** A model on machines of its own behind an online endpoint; it gets requests when the endpoint's `route` names it. */
export class OnlineDeployment extends pulumi.ComponentResource {
  /** ARM id. */
  declare readonly id: pulumi.Output<string>;
  /** As the endpoint's traffic names it. */
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: OnlineDeploymentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:OnlineDeployment", name, {}, opts);
    args = checkArgs("OnlineDeployment", name, args, onlineDeploymentRules, onlineDeploymentConstraints);

    const endpointId = pulumi.output(args.endpointId);
    const workspace = endpointId.apply(workspaceParts);
    const deployment = new ml.OnlineDeployment(
      name,
      {
        deploymentName: pulumi.output(args.instanceType).apply((type) => deploymentName(name, type)),
        endpointName: endpointId.apply((id) => resourceParts(id).name),
        resourceGroupName: workspace.resourceGroupName,
        workspaceName: workspace.workspaceName,
        ...deploymentBody(args, scoringProperties(name, { ...args, endpointId }, this)),
      },
      // The deployment that takes this one's place has another name: it gets the traffic before this one goes, which Azure asks for.
      { parent: this, deleteBeforeReplace: false },
    );

    this.id = deployment.id;
    this.name = deployment.name;
    this.registerOutputs({ id: this.id, name: this.name });
  }
}

/** What Azure is told of a deployment. @param scoring how it scores */
export function deploymentBody(
  args: OnlineDeploymentArgs,
  scoring: ReturnType<typeof scoringProperties>,
): Pick<ml.OnlineDeploymentArgs, "location" | "properties" | "sku" | "tags"> {
  return {
    location: args.location,
    sku: {
      name: "Default",
      capacity: args.instances ?? 1,
    },
    properties: {
      endpointComputeType: "Managed",
      model: args.model,
      ...scoring,
      instanceType: args.instanceType,
      egressPublicNetworkAccess: mapped(args.egressPublicNetworkAccess, true, (open) =>
        open ? "Enabled" : "Disabled",
      ),
      requestSettings: {
        requestTimeout: mapped(args.requestTimeoutSeconds, 5, (seconds) => `PT${seconds}S`),
        maxConcurrentRequestsPerInstance: args.concurrentRequestsPerInstance ?? 1,
      },
      environmentVariables: args.environmentVariables,
      description: args.description,
    },
    tags: args.tags,
  };
}
