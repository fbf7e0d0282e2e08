import type * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../shell";

export interface ManagedNetworkArgs {
  readonly workspaceId: pulumi.Input<string>;
  readonly rules: pulumi.Input<Record<string, pulumi.Input<object>>>;
  readonly workspace: pulumi.Input<string>;
}

/**
 * Provisions a workspace's managed network: what is made after it finds the network up. After each change of the workspace its outbound rules are
 * looked at again, and put right.
 */
export class ManagedNetwork extends DynamicResource {
  constructor(name: string, args: ManagedNetworkArgs, opts?: pulumi.CustomResourceOptions) {
    super("managed-network", "ManagedNetwork", name, { ...args }, opts);
  }
}
