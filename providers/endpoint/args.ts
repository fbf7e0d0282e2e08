import type * as pulumi from "@pulumi/pulumi";

/** What the resources that write an endpoint's settings take, whatever its kind. */
export interface EndpointSettingsArgs {
  readonly endpointId: pulumi.Input<string>;
  readonly description?: pulumi.Input<string | undefined>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  readonly identity?: pulumi.Input<
    { type: pulumi.Input<string>; userAssignedIdentities?: pulumi.Input<pulumi.Input<string>[]> } | undefined
  >;
}
