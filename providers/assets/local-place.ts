import { statSync } from "node:fs";
import { basename, resolve } from "node:path";

/** Where files of this machine go in the workspace's blob store. */
export interface LocalPlace {
  /** What the files are below. */
  readonly folder: string;
  /** The file's name below it; empty for a folder of files. */
  readonly file: string;
}

/** Files of one content go to one place, as Azure's own client has it. @param filesDigest of `digestOf` */
export function localPlace(path: string, filesDigest: string): LocalPlace {
  const source = resolve(path);
  const root = `LocalUpload/${filesDigest}`;
  return statSync(source).isDirectory()
    ? { folder: `${root}/${basename(source)}`, file: "" }
    : { folder: root, file: basename(source) };
}
