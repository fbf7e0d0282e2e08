import pLimit from "p-limit";
import { createHash, hash } from "node:crypto";
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { ProviderError } from "../clients/errors";
import { stampOf } from "./stamp";

/** A file of what is registered: of a model, a data set, an image's build context; wherever it is. */
export interface AssetFile {
  /** Relative to the folder, with `/` between its parts. */
  readonly path: string;
  /** Bytes. */
  readonly length: number;
  /** Of the bytes, where it is known before they are read. */
  readonly sha256?: Buffer;
  /** Of the bytes, where it is known before they are read. */
  readonly md5?: Buffer;
  /** Where it is, for one of this machine. */
  readonly place?: string;
  /** Whether the bytes still are those of `sha256`; without it only reading them tells. */
  unchanged?(): Promise<boolean>;
  /** The bytes, from the first on; each call is a reading of its own, which is read to its end or destroyed. */
  open(): Promise<Readable>;
}

/** A file of this machine, read once. Its MD5, which costs more than all the rest, is taken when it is sent. */
export interface LocalFile extends AssetFile {
  readonly sha256: Buffer;
}

/** What git, Finder and Python leave in a folder without its being part of it. */
const IGNORED = new Set([".DS_Store", ".git", "__MACOSX", "__pycache__"]);
const readAtOnce = pLimit(8);
/** Bytes of one reading. */
const READ = 128 * 1024;
const scratch = Buffer.alloc(READ);

interface Hashed {
  /** Bytes. */
  readonly length: number;
  readonly sha256: Buffer;
  unchanged?(): Promise<boolean>;
}

/** Large files that this process has read, by their place. */
const known = new Map<string, { readonly stamp: string; readonly hashed: Hashed }>();

/** Whether a file is left out of what is registered. */
export function isIgnored(path: string): boolean {
  return path.split("/").some((name) => IGNORED.has(name));
}

/**
 * The files of a folder, or the one file that it is, by its name.
 *
 * @throws ProviderError where there is neither
 */
export async function readFiles(path: string): Promise<LocalFile[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new ProviderError({ what: "there is no such file or folder", where: path });
  return found.isDirectory() ? await readFolder(path) : [await readFile(dirname(path), basename(path))];
}

/** The folder's files in the order of their paths; no file is held in memory whole. */
export async function readFolder(folder: string): Promise<LocalFile[]> {
  const paths = (await listFiles(folder, "")).sort();
  return await Promise.all(paths.map((path) => readAtOnce(() => readFile(folder, path))));
}

/** A file of this text, which is nowhere on the disk. */
export function textFile(path: string, text: string): LocalFile {
  const bytes = Buffer.from(text);
  const sha256 = createHash("sha256").update(bytes).digest();
  return { path, length: bytes.length, sha256, open: async () => Readable.from([bytes]) };
}

/**
 * The identity of files: SHA-256, in hexadecimal digits, over paths and bytes. It knows nothing of the folder's own place, of
 * times, or of the order in which a file system lists.
 */
export function digestOf(files: readonly Pick<LocalFile, "path" | "sha256">[]): string {
  const all = createHash("sha256");
  for (const { path, sha256 } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1)))
    all.update(`${sha256.toString("hex")} ${path}\n`);
  return all.digest("hex");
}

/** The digest of files that are all known before they are read. */
export function knownDigest(files: readonly AssetFile[]): string | undefined {
  const known = files.flatMap(({ path, sha256 }) => (sha256 === undefined ? [] : [{ path, sha256 }]));
  return known.length === files.length ? digestOf(known) : undefined;
}

async function listFiles(folder: string, below: string): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const lists = await Promise.all(
    entries
      .filter(({ name }) => !IGNORED.has(name))
      .map(async (entry) => {
        const path = below === "" ? entry.name : `${below}/${entry.name}`;
        if (entry.isDirectory()) return await listFiles(folder, path);
        if (entry.isSymbolicLink() && (await stat(join(folder, path))).isDirectory())
          throw new ProviderError({
            what: "is a symbolic link to a folder",
            where: join(folder, path),
            tryThis: "a copy of the folder in its place",
          });
        return [path];
      }),
  );
  return lists.flat();
}

async function readFile(folder: string, path: string): Promise<LocalFile> {
  const source = join(folder, path);
  return {
    path,
    ...(hashSmall(source) ?? (await hashLarge(source))),
    place: source,
    open: async () => createReadStream(source, { highWaterMark: READ }),
  };
}

/** In one reading, where that has it all: for thousands of small files many times as fast as turns of the event loop. */
function hashSmall(source: string): Hashed | undefined {
  const file = openSync(source, "r");
  try {
    const length = readSync(file, scratch, 0, READ, 0);
    if (length === READ) return undefined;
    return { length, sha256: hash("sha256", scratch.subarray(0, length), "buffer") };
  } finally {
    closeSync(file);
  }
}

/** Once, as long as the file is as it was: a plan and what follows it ask for the same digest. */
async function hashLarge(source: string): Promise<Hashed> {
  const stamp = await stampOf(source);
  const before = known.get(source);
  if (before !== undefined && before.stamp === stamp) return before.hashed;
  const hashed = await hashInParts(source);
  if (stamp === undefined) return hashed;
  const unchanged = async (): Promise<boolean> => (await stampOf(source).catch(() => undefined)) === stamp;
  if (!(await unchanged())) return hashed;
  known.set(source, { stamp, hashed: { ...hashed, unchanged } });
  return { ...hashed, unchanged };
}

/** While one part is hashed the next is read. */
async function hashInParts(source: string): Promise<Hashed> {
  const sha256 = createHash("sha256");
  let length = 0;
  const file = await open(source);
  try {
    let buffer = Buffer.allocUnsafe(READ);
    let other = Buffer.allocUnsafe(READ);
    let { bytesRead } = await file.read(buffer, 0, READ);
    while (bytesRead > 0) {
      const next = file.read(other, 0, READ);
      sha256.update(buffer.subarray(0, bytesRead));
      length += bytesRead;
      ({ bytesRead } = await next);
      [buffer, other] = [other, buffer];
    }
  } finally {
    await file.close();
  }
  return { length, sha256: sha256.digest() };
}
