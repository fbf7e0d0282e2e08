import type * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../shell";

export interface ManagedNetworkArgs {
  readonly workspaceId: pulumi.Input<string>;
}

/** Provisions a workspace's managed network: what is made after it finds the network up. */
export class ManagedNetwork extends DynamicResource {
  constructor(name: string, args: ManagedNetworkArgs, opts?: pulumi.CustomResourceOptions) {
    super("managed-network", "ManagedNetwork", name, { ...args }, opts);
  }
}
