import { createReadStream, openSync, read, write as writeCallback } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { ProviderError } from "../clients/errors";

const writeAt = promisify(writeCallback);

/** A stream that is destroyed closes its file, which others still read. */
const STAYS_OPEN = { read, close: (_fd: number, done: () => void) => done() };

/** A file's bytes, from any of them on. */
export interface RandomAccess {
  readonly length: number;
  /** @param end exclusive */
  open(start: number, end: number): Readable;
}

/** Room on the disk for what comes from front to back and is read in another order. */
export interface Staging extends Pick<RandomAccess, "open"> {
  write(bytes: Buffer, at: number): Promise<void>;
}

/** The file has no name: its room is free again when the process ends, however that ends. */
export async function openStaging(): Promise<Staging> {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-azureml-"));
  const fd = openSync(join(folder, "staged"), "wx+", 0o600);
  await rm(folder, { recursive: true });
  return {
    async write(bytes, at) {
      try {
        for (let done = 0; done < bytes.length;)
          done += (await writeAt(fd, bytes, done, bytes.length - done, at + done)).bytesWritten;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
        throw new ProviderError({
          what: "there is no room left for what is unpacked",
          where: tmpdir(),
          tryThis: "TMPDIR set to a folder on a larger disk",
        });
      }
    },
    open: (start, end) => rangeOf("", start, end, { fd, fs: STAYS_OPEN }),
  };
}

/** A file of this machine. @param length in bytes */
export function fileBytes(path: string, length: number): RandomAccess {
  return { length, open: (start, end) => rangeOf(path, start, end, {}) };
}

function rangeOf(
  path: string,
  start: number,
  end: number,
  options: { readonly fd?: number; readonly fs?: typeof STAYS_OPEN },
): Readable {
  // A stream's end is inclusive: it has no way to say "nothing".
  return end <= start
    ? Readable.from([])
    : createReadStream(path, { ...options, start, end: end - 1, highWaterMark: 128 * 1024 });
}
