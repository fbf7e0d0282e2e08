import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { archiveKind } from "./archive-kind";
import { eachOnce } from "./entry-path";
import { isIgnored, type LocalFile } from "./files";
import { fileBytes } from "./staging";
import { readTar } from "./tar";
import { readZip } from "./zip";

/**
 * The files of an archive, as the folder that it was packed from has them: same paths, same bytes, so the same digest.
 *
 * @param path of a file whose name `archiveKind` knows
 * @throws ProviderError where it is broken, or holds what isn't a file below its top
 */
export async function readArchive(path: string): Promise<LocalFile[]> {
  const files =
    archiveKind(path) === "zip"
      ? await readZip(path, fileBytes(path, (await stat(path)).size))
      : await readTar(path, () => createReadStream(path, { highWaterMark: 1024 * 1024 }));
  return inOrder(path, files);
}

/** Without what is ignored, in the order of their paths. */
export function inOrder(archive: string, files: readonly LocalFile[]): LocalFile[] {
  const wanted = files.filter(({ path }) => !isIgnored(path));
  eachOnce(
    archive,
    wanted.map(({ path }) => path),
  );
  return wanted.sort((a, b) => (a.path < b.path ? -1 : 1));
}
