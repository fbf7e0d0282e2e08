import type * as pulumi from "@pulumi/pulumi";
import type { EndpointSettingsArgs } from "../endpoint/args";
import { DynamicResource } from "../shell";

export interface OnlineEndpointSettingsArgs extends EndpointSettingsArgs {
  readonly authMode?: pulumi.Input<string | undefined>;
  readonly publicNetworkAccess?: pulumi.Input<string | undefined>;
  readonly traffic?: pulumi.Input<Record<string, pulumi.Input<number>> | undefined>;
}

/**
 * Settings of an endpoint that exists: each change reads it, merges, and writes the whole, so that nothing that isn't declared here is
 * lost.
 */
export class OnlineEndpointSettings extends DynamicResource {
  constructor(name: string, args: OnlineEndpointSettingsArgs, opts?: pulumi.CustomResourceOptions) {
    super("online-endpoint", "OnlineEndpointSettings", name, { ...args }, opts);
  }
}
