import type * as pulumi from "@pulumi/pulumi";
import { EnvironmentVersion } from "../providers/asset-version/resource";
import { assetName } from "./naming";
import type { Tags } from "./tags";

/**
 * An environment that a job has alone; its versions outlive the job, for runs of before name them.
 *
 * @param name of the job in the program
 * @returns the version's ARM id, which a preview knows
 */
export function ownEnvironmentId(
  name: string,
  {
    workspaceId,
    definition,
    path,
    tags,
  }: {
    readonly workspaceId: pulumi.Input<string>;
    /** The environment as ARM takes it. */
    readonly definition: Record<string, unknown>;
    /** Folder of what it is built of. */
    readonly path?: pulumi.Input<string> | undefined;
    readonly tags?: Tags | undefined;
  },
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const version = new EnvironmentVersion(
    `${name}-environment`,
    { workspaceId, name: assetName(name), definition, path, tags, onDelete: "retain" },
    // Another content replaces the last, which a protection inherited from a stack would forbid.
    { parent, protect: false },
  );
  return version.versionId;
}
