import { ProviderError } from "../clients/errors";

/** Where a project is, as `mlflow run` takes it. */
export interface ProjectAddress {
  /** A folder here, or a repository's address for git. */
  readonly place: string;
  readonly kind: "folder" | "repository";
  /** The project's folder in it; empty where it is the whole. */
  readonly subdirectory: string;
}

/**
 * Reads the address of a project: `FOLDER#SUBDIRECTORY`, or a git repository's in the folder's place.
 *
 * @param isThere whether a path is a file or folder here
 * @throws ProviderError for what is neither, and for archives
 * @see mlflow/projects/utils.py of MLflow 2.22, _fetch_project
 */
export function readAddress(
  uri: string,
  version: string | undefined,
  isThere: (path: string) => boolean,
): ProjectAddress {
  const [before = "", ...rest] = uri.replace(/^['"]+|['"]+$/g, "").split("#");
  const subdirectory = rest.join("#");
  if (/(^|\/)\.|\.\.|^\//.test(subdirectory))
    throw new ProviderError({
      what: `${subdirectory} can't be the subdirectory of a project`,
      allowed: "a path in the repository without dots before its folders' names",
    });
  if (/\.zip$/i.test(before))
    throw new ProviderError({
      what: "a project in an archive is not read here",
      allowed: "a folder, or a git repository's address",
    });
  const folder = folderOf(before);
  if (folder !== undefined && isThere(folder))
    return version === undefined
      ? { place: folder, kind: "folder", subdirectory }
      : // A version of a repository here is fetched as any other: nobody's working tree is switched.
        { place: folder, kind: "repository", subdirectory };
  if (folder !== undefined && !/^[^/]+@[^/]+:/.test(before))
    throw new ProviderError({
      what: `there is no folder ${folder}`,
      allowed:
        "a folder, relative to the program's own, or a git repository's address, as https://HOST/REPOSITORY#FOLDER",
    });
  return { place: before, kind: "repository", subdirectory };
}

/** The folder that an address means, be it there or not; undefined for what only git knows. */
function folderOf(address: string): string | undefined {
  if (/^file:\/\//i.test(address))
    return decodeURIComponent(address.replace(/^file:\/\/(localhost(?=\/))?/i, ""));
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? undefined : address;
}

/** Without who signs in, for messages and tags. */
export function withoutUser(address: string): string {
  return address.replace(/(\w:\/\/)[^/@]*@/g, "$1");
}
