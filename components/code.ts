import type * as pulumi from "@pulumi/pulumi";
import { readdirSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { isIgnored } from "../providers/assets/files";
import { CodeVersion } from "../providers/asset-version/resource";
import { assetName } from "./naming";
import type { Tags } from "./tags";

/**
 * A version of a folder of code, by its content. It outlives what uses it: a deployment or job that is gone back to names it.
 *
 * @param name in the program, of what uses the code
 * @returns its ARM id, which a preview knows
 */
export function codeVersionId(
  name: string,
  {
    workspaceId,
    path,
    tags,
  }: {
    readonly workspaceId: pulumi.Input<string>;
    readonly path: pulumi.Input<string>;
    readonly tags?: Tags;
  },
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const version = new CodeVersion(
    `${name}-code`,
    { workspaceId, name: assetName(name), definition: {}, path, tags, onDelete: "retain" },
    // Other code replaces the last, which a protection inherited from a stack would forbid.
    { parent, protect: false },
  );
  return version.versionId;
}

/** Whether a path, relative to the program's own folder, is a folder. */
export function isFolder(path: string): boolean {
  return statSync(resolve(path), { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Whether a folder, relative to the program's own, has no file that would be uploaded. */
export function isEmptyFolder(path: string): boolean {
  return readdirSync(resolve(path)).every(isIgnored);
}
