import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { archiveKind } from "../assets/archive-kind";
import { inOrder, readArchive } from "../assets/archives";
import { entryPath } from "../assets/entry-path";
import { digestOf, type LocalFile, readFiles, textFile } from "../assets/files";
import { ProviderError } from "../clients/errors";
import { gitLineage } from "./git";
import type { LocalPlace } from "./places";
import type { ModelSource } from "./source";

/** What is on this machine. */
export function localSource(place: LocalPlace): ModelSource {
  let read: Promise<readonly LocalFile[]> | undefined;
  const all = async (): Promise<readonly LocalFile[]> => {
    const found = await filesOf(place);
    if (found.length === 0) throw new ProviderError({ what: "there are no files in it" });
    return found;
  };
  const files = async (): Promise<readonly LocalFile[]> => await (read ??= all());
  return {
    folderName: typeof place === "string" ? folderNameOf(place) : "model",
    identify: async () => ({ digest: digestOf(await files()) }),
    files,
    lineage: async () => await gitLineage(resolve(folderOf(place))),
  };
}

/** Assets are the program's. */
function folderOf(place: LocalPlace): string {
  if (typeof place === "string") return place;
  return "file" in place ? place.file : ".";
}

async function filesOf(place: LocalPlace): Promise<readonly LocalFile[]> {
  if (typeof place === "string") return await filesAt(resolve(place));
  if ("file" in place) return [await fileAt(resolve(place.file), basename(place.file))];
  if ("text" in place) return [textFile("text", place.text)];
  const lists = await Promise.all(
    Object.entries(place.files).map(async ([name, inner]) => await filesUnder(name, inner)),
  );
  return inOrder("path", lists.flat());
}

/** An asset by the name that an archive gives it: a file's whole path, or the folder that an archive's files are in. */
async function filesUnder(name: string, place: LocalPlace): Promise<readonly LocalFile[]> {
  const path = entryPath("path", name);
  if (typeof place !== "string" && path !== undefined) {
    if ("file" in place) return [await fileAt(resolve(place.file), path)];
    if ("text" in place) return [textFile(path, place.text)];
  }
  const files = await filesOf(place);
  return path === undefined ? files : files.map((file) => ({ ...file, path: `${path}/${file.path}` }));
}

async function filesAt(path: string): Promise<readonly LocalFile[]> {
  const isFile = await isFileAt(path);
  return isFile && archiveKind(path) !== undefined ? await readArchive(path) : await readFiles(path);
}

async function fileAt(path: string, name: string): Promise<LocalFile> {
  const [file] = (await isFileAt(path)) ? await readFiles(path) : [];
  if (file !== undefined) return { ...file, path: name };
  throw new ProviderError({ what: "is a folder", where: path, allowed: "a file", tryThis: "a FileArchive" });
}

/** @throws ProviderError where there is nothing */
async function isFileAt(path: string): Promise<boolean> {
  const there = await stat(path).catch(() => undefined);
  if (there !== undefined) return there.isFile();
  throw new ProviderError({ what: `there is no such file or folder (looked for ${path})` });
}

/** A folder's own name; a file's, or an archive's, content stands in a folder `model`. */
function folderNameOf(path: string): string {
  const name = basename(resolve(path));
  return /\.[a-z0-9]+$/i.test(name) || name === "" ? "model" : name;
}
