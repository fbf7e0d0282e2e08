import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { digestOf, type LocalFile, readFiles } from "../assets/files";
import { ProviderError } from "../clients/errors";
import type { ModelSource } from "./source";

/** A folder of this machine, or a file. */
export function localSource(path: string): ModelSource {
  const place = resolve(path);
  let read: Promise<readonly LocalFile[]> | undefined;
  const files = async (): Promise<readonly LocalFile[]> => await (read ??= filesAt(place));
  return {
    folderName: folderNameOf(place),
    identify: async () => ({ digest: digestOf(await files()) }),
    files,
    lineage: async () => ({}),
  };
}

async function filesAt(place: string): Promise<readonly LocalFile[]> {
  if ((await stat(place).catch(() => undefined)) === undefined)
    throw new ProviderError({ what: `there is no such file or folder (looked for ${place})` });
  return await readFiles(place);
}

/** A folder's own name; a file stands in a folder `model`. */
function folderNameOf(place: string): string {
  const name = basename(place);
  return /\.[a-z0-9]+$/i.test(name) || name === "" ? "model" : name;
}
