import { createHash } from "node:crypto";

/** A file by what tells it from another. */
export interface ComparedFile {
  readonly path: string;
  readonly sha256: Buffer;
}

/** Models of more files are told by their digest alone: a state is no place for a long list. */
const MOST_FILES = 1000;
/** Bytes kept of a path's digest and of a content's. */
const KEPT = 4;

/** The files, short enough for a state: enough to count what changed. Undefined for many files. */
export function contentsOf(files: readonly ComparedFile[]): string | undefined {
  if (files.length > MOST_FILES) return undefined;
  const parts = files.map(({ path, sha256 }) => `${keyOf(path)}${short(sha256)}`).sort();
  return Buffer.from(parts.join(""), "hex").toString("base64");
}

/** `2 files changed, 1 added`; undefined where nothing is known of what was there. */
export function changesSince(
  contents: string | undefined,
  files: readonly ComparedFile[],
): string | undefined {
  if (contents === undefined) return undefined;
  const was = parse(contents);
  const now = new Map(files.map(({ path, sha256 }) => [keyOf(path), short(sha256)]));
  const changed = [...now].filter(([path, content]) => was.has(path) && was.get(path) !== content).length;
  const added = [...now.keys()].filter((path) => !was.has(path)).length;
  const removed = [...was.keys()].filter((path) => !now.has(path)).length;
  const counts = [
    [changed, "changed"],
    [added, "added"],
    [removed, "removed"],
  ] as const;
  const told = counts.filter(([count]) => count > 0);
  return told
    .map(([count, verb], index) =>
      index === 0 ? `${count} ${count === 1 ? "file" : "files"} ${verb}` : `${count} ${verb}`,
    )
    .join(", ");
}

function parse(contents: string): ReadonlyMap<string, string> {
  const digits = Buffer.from(contents, "base64").toString("hex");
  const each = 4 * KEPT;
  const parts = Array.from({ length: digits.length / each }, (_, index) =>
    digits.slice(index * each, (index + 1) * each),
  );
  return new Map(parts.map((part) => [part.slice(0, 2 * KEPT), part.slice(2 * KEPT)]));
}

function keyOf(path: string): string {
  return short(createHash("sha256").update(path).digest());
}

function short(digest: Buffer): string {
  return digest.subarray(0, KEPT).toString("hex");
}

/** `12.3 MB`. */
export function sizeInWords(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}
