import type * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../shell";

export interface AssetVersionArgs {
  readonly workspaceId: pulumi.Input<string>;
  readonly name: pulumi.Input<string>;
  readonly definition: pulumi.Input<Record<string, unknown>>;
  readonly path?: pulumi.Input<string | undefined>;
  readonly description?: pulumi.Input<string | undefined>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  readonly onDelete: pulumi.Input<string>;
}

/** One version of data or of an environment; its id is the version's ARM id. Other content replaces it: the next version is made first, then this one goes as `onDelete` says. */
abstract class AssetVersion extends DynamicResource {
  declare readonly version: pulumi.Output<string>;
  declare readonly digest: pulumi.Output<string>;

  constructor(
    type: string,
    collection: string,
    name: string,
    args: AssetVersionArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const outputs = { version: undefined, digest: undefined };
    super("asset-version", type, name, { ...args, collection, ...outputs }, opts);
  }
}

export class DataVersion extends AssetVersion {
  constructor(name: string, args: AssetVersionArgs, opts?: pulumi.CustomResourceOptions) {
    super("DataAsset", "data", name, args, opts);
  }
}

export class EnvironmentVersion extends AssetVersion {
  constructor(name: string, args: AssetVersionArgs, opts?: pulumi.CustomResourceOptions) {
    super("Environment", "environments", name, args, opts);
  }
}
