import * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "../shell";
import { versionId, versionOf } from "./content";
import type { AssetVersionInputs } from "./types";

export interface AssetVersionArgs {
  readonly workspaceId: pulumi.Input<string>;
  readonly name: pulumi.Input<string>;
  readonly definition: pulumi.Input<Record<string, unknown>>;
  readonly path?: pulumi.Input<string | undefined>;
  readonly description?: pulumi.Input<string | undefined>;
  readonly tags?: pulumi.Input<Record<string, pulumi.Input<string>> | undefined>;
  readonly onDelete: pulumi.Input<string>;
}

/** One version of data, of code, of an environment or of a component; its id is the version's ARM id. Other content replaces it: the next version is made first, then this one goes as `onDelete` says. */
abstract class AssetVersion extends DynamicResource {
  declare readonly version: pulumi.Output<string>;
  declare readonly digest: pulumi.Output<string>;
  /** Its id, which a preview that makes the version anew knows already: the content says it. */
  readonly versionId: pulumi.Output<string>;

  constructor(
    type: string,
    collection: AssetVersionInputs["collection"],
    name: string,
    args: AssetVersionArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const outputs = { version: undefined, digest: undefined };
    super("asset-version", type, name, { ...args, collection, ...outputs }, opts);
    this.versionId = pulumi
      .all([args.workspaceId, args.name, this.digest])
      .apply(([workspaceId, asset, digest]) =>
        versionId({ workspaceId, collection, name: asset }, versionOf(digest)),
      );
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

export class CodeVersion extends AssetVersion {
  constructor(name: string, args: AssetVersionArgs, opts?: pulumi.CustomResourceOptions) {
    super("Code", "codes", name, args, opts);
  }
}

export class ComponentVersion extends AssetVersion {
  constructor(name: string, args: AssetVersionArgs, opts?: pulumi.CustomResourceOptions) {
    super("Component", "components", name, args, opts);
  }
}
