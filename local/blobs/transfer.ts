import { createWriteStream } from "node:fs";
import { mkdir, readdir, rename, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import type { ContainerClient } from "@azure/storage-blob";
import pLimit from "p-limit";

const AT_ONCE = 8;

/** A blob that is a place itself, or is below it. */
export interface FoundBlob {
  readonly name: string;
  /** Below the place, with slashes; the last part of the name for the place itself. */
  readonly path: string;
}

/** The blobs of a folder, in their names' order, or the one that is named `prefix`. */
export async function blobsAt(container: ContainerClient, prefix: string): Promise<FoundBlob[]> {
  const found: FoundBlob[] = [];
  const folder = prefix === "" ? "" : `${prefix}/`;
  for await (const { name } of container.listBlobsFlat({ prefix })) {
    if (name === prefix) found.push({ name, path: basename(name) });
    else if (name.startsWith(folder)) found.push({ name, path: name.slice(folder.length) });
  }
  return found;
}

/** Writes the blob to a file, which is there whole or not at all. */
export async function downloadBlob(container: ContainerClient, name: string, file: string): Promise<void> {
  const { readableStreamBody } = await container.getBlobClient(name).download();
  if (!readableStreamBody) throw new Error(`The blob ${name} has no content stream.`);
  await mkdir(dirname(file), { recursive: true });
  await pipeline(readableStreamBody, createWriteStream(`${file}.incomplete`));
  await rename(`${file}.incomplete`, file);
}

/**
 * Copies the blobs below a folder into `target`, or the one that is named `prefix` to it. Nothing is on its way any more when this ends, well or
 * not.
 *
 * @returns how many there were
 * @throws OutsideFolder
 */
export async function downloadPlace(
  container: ContainerClient,
  prefix: string,
  target: string,
): Promise<number> {
  const found = await blobsAt(container, prefix);
  const below = found.filter(({ name }) => name !== prefix);
  const copies = (below.length > 0 ? below : found).map(({ name, path }) => ({
    name,
    file: name === prefix ? target : fileFor(target, path),
  }));
  const atOnce = pLimit(AT_ONCE);
  const downloads = copies.map(({ name, file }) => atOnce(() => downloadBlob(container, name, file)));
  await Promise.allSettled(downloads);
  await Promise.all(downloads);
  return copies.length;
}

/** A blob whose name leads out of the folder that it belongs to. */
export class OutsideFolder extends Error {
  constructor(readonly path: string) {
    super(`There is a file outside its own folder: ${path}`);
  }
}

/** Where a blob goes in a folder. @throws OutsideFolder */
export function fileFor(folder: string, path: string): string {
  const file = resolve(folder, path);
  if (file.startsWith(resolve(folder) + sep)) return file;
  throw new OutsideFolder(path);
}

/**
 * Puts every file of the folder below `prefix`; those that are there already are replaced. Nothing is on its way any more when this ends, well or
 * not.
 *
 * @param put what the files were when they were put: those that are still the same are left out, the others noted
 */
export async function uploadFolder(
  container: ContainerClient,
  prefix: string,
  folder: string,
  put = new Map<string, string>(),
): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const atOnce = pLimit(AT_ONCE);
  const uploads = files.map((file) =>
    atOnce(async () => {
      const { size, mtimeMs } = await stat(file);
      const content = `${size} ${mtimeMs}`;
      if (put.get(file) === content) return;
      const path = relative(folder, file).split(sep).join("/");
      const name = prefix === "" ? path : `${prefix}/${path}`;
      await container.getBlockBlobClient(name).uploadFile(file);
      put.set(file, content);
    }),
  );
  await Promise.allSettled(uploads);
  await Promise.all(uploads);
}
