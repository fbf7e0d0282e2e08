import * as pulumi from "@pulumi/pulumi";
import { Rollout } from "../providers/rollout/resource";
import { checkArgs } from "./args";
import { deploymentBody } from "./online-deployment";
import {
  rollingDeploymentConstraints,
  rollingDeploymentRules,
  rolloutOf,
  type RollingDeploymentArgs,
} from "./rolling-deployment-args";
import { scoringProperties } from "./scoring-code";

/**
 * A model behind an online endpoint that changes without a request lost. Another model, or another configuration, is made beside what serves,
 * answers smoke requests, gets the traffic step by step while gates judge it, and takes the place of the old; or the traffic goes back to
 * where it was, and the update fails with the reason. The endpoint's traffic is this component's: `route` is not called.
 *
 * While it rolls forward, and for `retireAfterSeconds`, two generations are paid for. Whoever runs `up` needs to write blobs in the
 * workspace's store, and to score where there are smoke requests and callers sign in with Entra tokens.
 */
export class RollingDeployment extends pulumi.ComponentResource {
  /** Name of the deployment that the model and configuration make: what `promote` and `abort` name. Known in a preview where these are. */
  declare readonly generation: pulumi.Output<string>;
  /** `Serving`: it has the traffic. `Paused`: it waits for `promote` or `abort`. `Advancing`: the next `up` goes on. `RolledBack`: a command took it back. */
  declare readonly phase: pulumi.Output<string>;
  /** Percent a deployment, as `up` left it or `refresh` saw it. */
  declare readonly traffic: pulumi.Output<Record<string, number>>;

  constructor(name: string, args: RollingDeploymentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:RollingDeployment", name, {}, opts);
    args = checkArgs("RollingDeployment", name, args, rollingDeploymentRules, rollingDeploymentConstraints);

    const rollout = new Rollout(
      name,
      {
        endpointId: args.endpointId,
        prefix: name,
        deployment: deploymentBody(
          { ...args, instances: args.instances ?? args.autoscale?.instances.least ?? 1 },
          scoringProperties(name, { ...args, endpointId: pulumi.output(args.endpointId) }, this),
        ),
        ...rolloutOf(args),
      },
      { parent: this },
    );

    this.generation = rollout.generation;
    this.phase = rollout.phase;
    this.traffic = rollout.traffic;
    this.registerOutputs({ generation: this.generation, phase: this.phase, traffic: this.traffic });
  }
}
