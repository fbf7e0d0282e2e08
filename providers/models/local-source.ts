import { basename, resolve } from "node:path";
import { digestOf, readFolder } from "../assets/files";
import type { ModelSource } from "./source";

/** A folder of this machine. */
export function localSource(path: string): ModelSource {
  const folder = resolve(path);
  return {
    folderName: basename(folder),
    identify: async () => ({ digest: digestOf(await readFolder(folder)) }),
    files: async () => await readFolder(folder),
    lineage: async () => ({}),
  };
}
