import { posix } from "node:path";

/** A project's files, as they are uploaded for a job. */
export interface ProjectFolder {
  /** Path of each file in the folder, with `/`. */
  readonly paths: readonly string[];
  /** The text of one of them. */
  readonly read: (path: string) => string;
}

/** Whether it is a file of the project. */
export function hasFile(folder: ProjectFolder, path: string): boolean {
  return folder.paths.includes(path);
}

/** Whether it leads to a file of the project, or to a folder with one in it, by folders that are there. */
export function hasPath(folder: ProjectFolder, path: string): boolean {
  const isFolder = (each: string): boolean =>
    each === "." || folder.paths.some((file) => file.startsWith(`${each}/`));
  const steps = path.split("/").map((_, index, all) => pathWithin(all.slice(0, index + 1).join("/")) ?? "");
  const last = steps.at(-1) ?? "";
  return (
    steps.slice(0, -1).every(isFolder) && (isFolder(last) || (hasFile(folder, last) && !path.endsWith("/")))
  );
}

/** The path without `.`, `..` and doubled slashes, relative to the project; absent for one that leads out of it. */
export function pathWithin(path: string, from = "."): string | undefined {
  if (path.startsWith("/")) return undefined;
  const normal = posix.join(from, path).replace(/(?<=.)\/$/, "");
  return normal === ".." || normal.startsWith("../") ? undefined : normal;
}
