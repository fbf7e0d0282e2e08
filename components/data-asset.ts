import * as pulumi from "@pulumi/pulumi";
import { resourceParts } from "../providers/clients/arm-id";
import { DataVersion } from "../providers/asset-version/resource";
import { checkArgs } from "./args";
import { dataAssetConstraints, dataAssetRules, isAddress, type DataAssetArgs } from "./data-asset-args";

/**
 * A version of a data asset: a name for a file, a folder or a table, for jobs to take as input. Its content is its identity (the address, or the files that are
 * uploaded): the same content never makes a second version, other content makes another, and versions of before stay.
 */
export class DataAsset extends pulumi.ComponentResource {
  /** ARM id of the version; a job's input takes it. */
  declare readonly id: pulumi.Output<string>;
  declare readonly name: pulumi.Output<string>;
  /** `sha256-` and 16 digits of the content's digest: the same in every workspace. Known in a preview. */
  declare readonly version: pulumi.Output<string>;
  /** SHA-256 of the content; known in a preview. */
  declare readonly digest: pulumi.Output<string>;

  constructor(name: string, args: DataAssetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:DataAsset", name, {}, opts);
    args = checkArgs("DataAsset", name, args, dataAssetRules, dataAssetConstraints);
    const path = pulumi.output(args.path);
    const address = path.apply((value) => (isAddress(value) ? value : undefined));
    const version = new DataVersion(
      name,
      {
        workspaceId: args.workspaceId,
        name: args.dataName,
        definition: pulumi
          .all([args.type, address])
          .apply(([dataType, dataUri]) => ({ dataType, ...(dataUri === undefined ? {} : { dataUri }) })),
        path: path.apply((value) => (isAddress(value) ? undefined : value)),
        description: args.description,
        tags: args.tags,
        onDelete: args.onDelete ?? "retain",
      },
      // A new version replaces the last, which a protection inherited from a stack would forbid.
      { parent: this, protect: false },
    );

    this.id = version.versionId;
    this.name = pulumi.output(args.dataName);
    this.version = version.versionId.apply((id) => resourceParts(id).name);
    this.digest = version.digest;
    this.registerOutputs({ id: this.id, name: this.name, version: this.version, digest: this.digest });
  }
}
