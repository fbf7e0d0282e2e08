import type * as pulumi from "@pulumi/pulumi";
import type { EndpointSettingsArgs } from "../endpoint/args";
import { DynamicResource } from "../shell";

export interface BatchEndpointSettingsArgs extends EndpointSettingsArgs {
  readonly defaultDeployment?: pulumi.Input<string | undefined>;
}

/** Settings of a batch endpoint that exists, its default deployment among them; written as `OnlineEndpointSettings` writes an online one's. */
export class BatchEndpointSettings extends DynamicResource {
  constructor(name: string, args: BatchEndpointSettingsArgs, opts?: pulumi.CustomResourceOptions) {
    super("batch-endpoint", "BatchEndpointSettings", name, { ...args }, opts);
  }
}
