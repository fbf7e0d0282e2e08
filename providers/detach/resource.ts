import type * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../shell";

export interface DetachArgs {
  readonly computeId: pulumi.Input<string>;
}

/**
 * Detaches a compute from its workspace when it is deleted itself, which is before the compute is. azure-native asks Azure to delete a compute together with
 * what it stands on; of an attached cluster, only the attachment is this stack's.
 */
export class Detach extends DynamicResource {
  constructor(name: string, args: DetachArgs, opts?: pulumi.CustomResourceOptions) {
    super("detach", "Detach", name, { ...args }, opts);
  }
}
