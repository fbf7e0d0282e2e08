import pLimit from "p-limit";
import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from "yauzl";
import { ProviderError } from "../clients/errors";
import { entryPath, refusedEntry } from "./entry-path";
import type { LocalFile } from "./files";
import type { RandomAccess } from "./staging";

const readAtOnce = pLimit(8);
/** How Unix marks a file's kind, in the upper half of an entry's attributes. */
const KIND = 0o170000;
const LINK = 0o120000;

/**
 * The files in a zip, each read once for its digest, and again, from where it is, when it is opened.
 *
 * @param archive what to call it
 * @throws ProviderError
 */
export async function readZip(archive: string, bytes: RandomAccess): Promise<LocalFile[]> {
  try {
    const zip = await fromRandomAccessReaderPromise(new Ranges(bytes), bytes.length, { autoClose: false });
    const files: Promise<LocalFile>[] = [];
    for await (const entry of zip.eachEntry()) {
      const path = fileIn(archive, entry);
      if (path === undefined) continue;
      const file = readAtOnce(async () => await readEntry(zip, entry, path));
      // Whoever waits for all of them is told.
      file.catch(() => undefined);
      files.push(file);
    }
    return await Promise.all(files);
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    throw new ProviderError({
      what: `it can't be read as a zip: ${(error as Error).message}`,
      where: archive,
    });
  }
}

/** @returns undefined for a folder */
function fileIn(archive: string, entry: Entry): string | undefined {
  const { fileName, externalFileAttributes } = entry;
  const path = entryPath(archive, fileName);
  if (path === undefined || fileName.endsWith("/")) return undefined;
  if (((externalFileAttributes >>> 16) & KIND) === LINK) throw refusedEntry(archive, fileName, "a link");
  if (entry.isEncrypted()) throw refusedEntry(archive, fileName, "encrypted");
  return path;
}

async function readEntry(zip: ZipFile, entry: Entry, path: string): Promise<LocalFile> {
  const open = async (): Promise<Readable> => await zip.openReadStreamPromise(entry);
  const hash = createHash("sha256");
  await pipeline(await open(), hash);
  return { path, length: entry.uncompressedSize, sha256: hash.digest(), open };
}

/** Opens the file anew for each range, so that none stays open. */
class Ranges extends RandomAccessReader {
  constructor(private readonly bytes: RandomAccess) {
    super();
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return this.bytes.open(start, end);
  }
}
