import * as pulumi from "@pulumi/pulumi";

/**
 * The id, for whose users it is as if they named the resources too: made after them, deleted before them. A preview that makes one of
 * the resources anew still knows the id.
 */
export function after(
  id: pulumi.Input<string>,
  resources: readonly pulumi.Resource[],
): pulumi.Output<string> {
  // A URN, unlike an id, is known before its resource is made.
  return pulumi.all([id, pulumi.all(resources.map(({ urn }) => urn))]).apply(([known]) => known);
}
