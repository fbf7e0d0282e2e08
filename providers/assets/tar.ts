import { createHash } from "node:crypto";
import { once } from "node:events";
import { Readable } from "node:stream";
import { Parser, type ReadEntry } from "tar";
import { ProviderError } from "../clients/errors";
import { entryPath, refusedEntry } from "./entry-path";
import type { LocalFile } from "./files";
import { openStaging, type Staging } from "./staging";

/** Bytes of a file that is held in memory, so that a plan that looks into it unpacks nothing; and of all of them. */
const SMALL = 64 * 1024;
const ALL_SMALL = 8 * 1024 * 1024;

/** A file in a tar. */
interface Found {
  readonly path: string;
  readonly length: number;
  readonly sha256: Buffer;
  /** Of its first byte among the bytes of all files. */
  readonly start: number;
  /** Its bytes, where they are few. */
  readonly bytes?: Buffer;
}

/**
 * The files in a tar, compressed or not. It is read once, from front to back, for their digests; and once more, into a file without a name,
 * when the first larger one is opened.
 *
 * @param archive what to call it
 * @throws ProviderError
 */
export async function readTar(archive: string, open: () => Readable): Promise<LocalFile[]> {
  const found = await scan(archive, open());
  let staging: Promise<Staging> | undefined;
  const unpacked = async (): Promise<Staging> => {
    const room = await openStaging();
    await scan(archive, open(), room);
    return room;
  };
  return found.map((file) => fileOf(file, async () => await (staging ??= unpacked())));
}

/** The same of a tar that can be read only once. */
export async function unpackTar(archive: string, bytes: Readable): Promise<LocalFile[]> {
  const room = await openStaging();
  return (await scan(archive, bytes, room)).map((file) => fileOf(file, async () => room));
}

function fileOf({ path, length, sha256, start, bytes }: Found, staged: () => Promise<Staging>): LocalFile {
  return {
    path,
    length,
    sha256,
    open: async () =>
      bytes === undefined ? (await staged()).open(start, start + length) : Readable.from([bytes]),
  };
}

/** @param room takes the bytes of all files, one after the other */
async function scan(archive: string, bytes: Readable, room?: Staging): Promise<Found[]> {
  const entries: Promise<Found>[] = [];
  let [start, small] = [0, 0];
  const failed = new AbortController();
  const failure = new Promise<never>((_, reject) =>
    failed.signal.addEventListener("abort", () => reject(failed.signal.reason as Error)),
  );
  failure.catch(() => undefined);
  const parser = new Parser({
    strict: true,
    onReadEntry(entry) {
      try {
        const path = fileIn(archive, entry);
        if (path === undefined) return void entry.resume();
        const keep = entry.size <= SMALL && small + entry.size <= ALL_SMALL;
        if (keep) small += entry.size;
        const read = readEntry(entry, path, start, keep, room);
        read.catch((error: unknown) => failed.abort(error));
        entries.push(read);
        start += entry.size;
      } catch (error) {
        failed.abort(error);
      }
    },
  });
  parser.on("error", (error: Error) => failed.abort(error));
  try {
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      failed.signal.throwIfAborted();
      if (!parser.write(chunk)) await Promise.race([once(parser, "drain"), failure]);
    }
    const ended = once(parser, "end");
    parser.end();
    await Promise.race([ended, failure]);
    return await Promise.all(entries);
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    throw new ProviderError({
      what: `it can't be read as a tar: ${(error as Error).message}`,
      where: archive,
    });
  } finally {
    bytes.destroy();
  }
}

/** @returns undefined for a folder */
function fileIn(archive: string, { path: name, type }: ReadEntry): string | undefined {
  const path = entryPath(archive, name);
  if (type === "Directory" || path === undefined) return undefined;
  if (type === "File" || type === "OldFile" || type === "ContiguousFile") return path;
  throw refusedEntry(archive, name, type === "SymbolicLink" || type === "Link" ? "a link" : `a ${type}`);
}

async function readEntry(
  entry: ReadEntry,
  path: string,
  start: number,
  keep: boolean,
  room: Staging | undefined,
): Promise<Found> {
  const hash = createHash("sha256");
  const kept: Buffer[] = [];
  let at = start;
  for await (const chunk of entry) {
    hash.update(chunk);
    await room?.write(chunk, at);
    at += chunk.length;
    if (keep) kept.push(chunk);
  }
  const found = { path, length: at - start, sha256: hash.digest(), start };
  return keep ? { ...found, bytes: Buffer.concat(kept) } : found;
}
