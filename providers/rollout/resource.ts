import type * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../shell";

export interface RolloutArgs {
  readonly endpointId: pulumi.Input<string>;
  readonly prefix: pulumi.Input<string>;
  /** A deployment's body as ARM takes it: location, sku, properties, tags. */
  readonly deployment: pulumi.Inputs;
  readonly autoscale?: pulumi.Input<object | undefined>;
  readonly steps: pulumi.Input<readonly object[]>;
  readonly smokeRequests: pulumi.Input<readonly object[]>;
  readonly gates: pulumi.Input<readonly object[]>;
  readonly minRequests: pulumi.Input<number>;
  readonly judgement: pulumi.Inputs;
  readonly check?: pulumi.Input<object | undefined>;
  readonly runMetrics?: pulumi.Input<readonly object[] | undefined>;
  readonly replay?: pulumi.Input<object | undefined>;
  readonly alias?: pulumi.Input<string | undefined>;
  readonly notify?: pulumi.Input<object | undefined>;
  readonly retireAfterSeconds: pulumi.Input<number>;
  readonly keepGenerations: pulumi.Input<number>;
  readonly maxHoldSeconds: pulumi.Input<number>;
  readonly foreignTraffic: pulumi.Input<string>;
  readonly onDrift: pulumi.Input<string>;
  readonly promote?: pulumi.Input<string | undefined>;
  readonly abort?: pulumi.Input<string | undefined>;
  readonly retry?: pulumi.Input<string | undefined>;
}

/** The generations of an endpoint: deployments that this resource makes beside one another, moves the traffic to, and deletes. */
export class Rollout extends DynamicResource {
  /** Name of the wanted generation. */
  declare readonly generation: pulumi.Output<string>;
  /** `Serving`, `Paused`, `Advancing` or `RolledBack`. */
  declare readonly phase: pulumi.Output<string>;

  /** Percent a deployment, as `up` left it or `refresh` saw it. */
  declare readonly traffic: pulumi.Output<Record<string, number>>;

  constructor(name: string, args: RolloutArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "rollout",
      "Rollout",
      name,
      { ...args, generation: undefined, phase: undefined, traffic: undefined },
      opts,
    );
  }
}
