import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { type LocalFile, digestOf, readFiles } from "../assets/files";
import type { AssetVersionInputs } from "./types";

/** What a version is made of. */
export interface Content {
  readonly files: readonly LocalFile[];
  /** SHA-256 of the files alone, in hexadecimal digits: where they are uploaded to. */
  readonly filesDigest: string;
  /** SHA-256 of definition and files, in hexadecimal digits: the version's identity. */
  readonly digest: string;
}

/** @throws ProviderError where there is no such file or folder */
export async function contentOf({ definition, path }: AssetVersionInputs): Promise<Content> {
  const files = path === undefined ? [] : await readFiles(resolve(path));
  const filesDigest = digestOf(files);
  const text = JSON.stringify([sorted(definition), ...(path === undefined ? [] : [filesDigest])]);
  return { files, filesDigest, digest: createHash("sha256").update(text).digest("hex") };
}

/**
 * A version is named by its content, not by the next number: so it is known in a preview, is the same in every workspace and registry, and two
 * programs at once can't make two of one content.
 */
export function versionOf(digest: string): string {
  return `sha256-${digest.slice(0, 16)}`;
}

/** ARM id of a version. */
export function versionId(
  { workspaceId, collection, name }: Pick<AssetVersionInputs, "workspaceId" | "collection" | "name">,
  version: string,
): string {
  return `${workspaceId}/${collection}/${name}/versions/${version}`;
}

/** The same value with the keys of its objects in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]),
  );
}
