import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { isIgnored } from "../assets/files";
import { ProviderError } from "../clients/errors";
import { readAddress } from "./address";
import { fetchVersion, type Checkout } from "./git";
import type { ProjectFolder } from "./project-folder";

/** A project on this machine. */
export interface OpenProject {
  /** Where its files are. */
  readonly path: string;
  readonly folder: ProjectFolder;
  /** Of the version that was fetched; absent for a folder. */
  readonly commit?: string;
}

/**
 * Opens a project: a folder as it is, or a version of a repository, which is fetched first.
 *
 * @param uri as `mlflow run` takes it; a folder is relative to the program's own
 * @throws ProviderError where there is none
 */
export function openProject(uri: string, version?: string): OpenProject {
  const { place, kind, subdirectory } = readAddress(uri, version, (path) => existsSync(resolve(path)));
  if (kind === "folder") return folderAt(resolve(place, subdirectory));
  const { folder, commit } = fetchOnce(existsSync(resolve(place)) ? resolve(place) : place, version);
  return { ...folderAt(join(folder, subdirectory)), commit };
}

const fetched = new Map<string, { readonly checkout: Checkout } | { readonly error: unknown }>();

/** Asked for once a process, which sees one commit of a branch then, and waits once for a repository that can't be reached. */
function fetchOnce(repository: string, version: string | undefined): Checkout {
  const key = JSON.stringify([repository, version]);
  const result = fetched.get(key) ?? attempt(() => fetchVersion(repository, version));
  fetched.set(key, result);
  if ("error" in result) throw result.error;
  return result.checkout;
}

function attempt(fetch: () => Checkout): { readonly checkout: Checkout } | { readonly error: unknown } {
  try {
    return { checkout: fetch() };
  } catch (error) {
    return { error };
  }
}

function folderAt(path: string): OpenProject {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new ProviderError({ what: `there is no such folder of a project (${path})` });
  return {
    path,
    folder: { paths: filesIn(path), read: (file) => readFileSync(join(path, file), "utf8") },
  };
}

/** Those that are uploaded as code. */
function filesIn(folder: string, below = ""): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .filter(({ name }) => !isIgnored(name))
    .flatMap((entry) => {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      return entry.isDirectory() ? filesIn(folder, path) : [path];
    });
}
