import type * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../shell";

export interface BatchRolloutArgs {
  readonly endpointId: pulumi.Input<string>;
  readonly prefix: pulumi.Input<string>;
  /** A deployment's body as ARM takes it: location, properties, tags. */
  readonly deployment: pulumi.Inputs;
  readonly proof: pulumi.Inputs;
  readonly maxProofSeconds: pulumi.Input<number>;
  readonly retireAfterSeconds: pulumi.Input<number>;
  readonly keepGenerations: pulumi.Input<number>;
  readonly retry?: pulumi.Input<string | undefined>;
}

/** The generations of a batch endpoint: deployments that this resource makes beside one another, proves by a job, makes the default, and deletes. */
export class BatchRollout extends DynamicResource {
  /** Name of the wanted generation. */
  declare readonly generation: pulumi.Output<string>;
  /** `Serving`, or `Advancing` where an `up` was cut off. */
  declare readonly phase: pulumi.Output<string>;

  constructor(name: string, args: BatchRolloutArgs, opts?: pulumi.CustomResourceOptions) {
    super("batch-rollout", "BatchRollout", name, { ...args, generation: undefined, phase: undefined }, opts);
  }
}
