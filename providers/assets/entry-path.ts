import { ProviderError } from "../clients/errors";

/**
 * Where an entry of an archive is in the folder that the archive stands for: `./data//x` is `data/x`.
 *
 * @returns undefined for the folder itself
 * @throws ProviderError where it would be outside of it
 */
export function entryPath(archive: string, name: string): string | undefined {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (/^(\/|\\|[a-z]:)/i.test(name) || parts.includes(".."))
    throw new ProviderError({
      what: `its entry ${JSON.stringify(name)} leads out of the folder that it is unpacked into`,
      where: archive,
      allowed: "paths below the archive's own top",
    });
  return parts.length === 0 ? undefined : parts.join("/");
}

/** An archive may hold files and folders. */
export function refusedEntry(archive: string, name: string, kind: string): ProviderError {
  return new ProviderError({
    what: `its entry ${JSON.stringify(name)} is ${kind}`,
    where: archive,
    allowed: "files and folders",
    tryThis: "an archive in which a copy of the file stands in its place",
  });
}

/** @throws ProviderError where two entries are one file */
export function eachOnce(archive: string, paths: readonly string[]): void {
  const seen = new Set<string>();
  const twice = paths.find((path) => seen.size === seen.add(path).size);
  if (twice !== undefined)
    throw new ProviderError({
      what: `it has two entries ${JSON.stringify(twice)}`,
      where: archive,
      allowed: "each file once",
    });
}
