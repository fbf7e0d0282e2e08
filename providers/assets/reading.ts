import { createHash, hash } from "node:crypto";
import { ProviderError } from "../clients/errors";
import { bytesOf, type Bytes } from "./bytes";
import type { AssetFile } from "./files";

/** A file as it was read, and sent. */
export interface SentFile {
  readonly path: string;
  readonly length: number;
  readonly sha256: Buffer;
  /** Where it was known before, or the file was read whole. */
  readonly md5?: Buffer;
}

/** Bytes of one chunk. */
const CHUNK = 128 * 1024;

/** One reading of a file from its first byte to its last. */
export class Reading implements AsyncIterable<Buffer> {
  /** Where reading alone tells whether the file is what it was. */
  private readonly sha256;
  private readonly md5;
  private length = 0;
  private unchanged = true;
  private bytes: Promise<Bytes> | undefined;

  constructor(private readonly file: AssetFile) {
    this.sha256 = file.unchanged === undefined ? createHash("sha256") : undefined;
    // It costs more than all the rest.
    this.md5 = file.md5 === undefined ? undefined : createHash("md5");
  }

  /** Reads the next bytes into the buffer. @returns how many; fewer than it takes are the last ones */
  async fill(buffer: Buffer): Promise<number> {
    const bytes = await (this.bytes ??= bytesOf(this.file));
    const filled = await bytes.fill(buffer);
    const read = buffer.subarray(0, filled);
    this.sha256?.update(read);
    this.md5?.update(read);
    this.length += filled;
    return filled;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, undefined> {
    try {
      for (let filled = CHUNK; filled === CHUNK;) {
        const chunk = Buffer.allocUnsafe(CHUNK);
        filled = await this.fill(chunk);
        if (filled > 0) yield chunk.subarray(0, filled);
      }
      await this.end();
    } finally {
      await this.close();
    }
    return undefined;
  }

  /** Finds out whether there is more than there should be, and whether the file was written meanwhile. */
  async end(): Promise<void> {
    await this.fill(Buffer.alloc(1));
    this.unchanged = (await this.file.unchanged?.()) ?? true;
  }

  /**
   * What was read, at its end.
   *
   * @throws ProviderError where it is not what the file was said to be
   */
  sent(): SentFile {
    const sha256 = this.sha256?.digest() ?? (this.unchanged ? this.file.sha256 : undefined);
    return sentAs(this.file, { length: this.length, sha256, md5: this.md5?.digest() });
  }

  async close(): Promise<void> {
    await (await this.bytes)?.close();
  }
}

/**
 * Reads all of a file into a buffer of its length.
 *
 * @throws ProviderError where it is not what it was said to be
 */
export async function readWhole(
  file: AssetFile,
  buffer: Buffer,
): Promise<SentFile & { readonly md5: Buffer }> {
  const bytes = await bytesOf(file);
  try {
    const length = (await bytes.fill(buffer)) + (await bytes.fill(Buffer.alloc(1)));
    const read = { length, sha256: hash("sha256", buffer, "buffer"), md5: hash("md5", buffer, "buffer") };
    return { ...sentAs(file, read), md5: read.md5 };
  } finally {
    await bytes.close();
  }
}

interface Digests {
  readonly sha256: Buffer | undefined;
  readonly md5: Buffer | undefined;
}

function sentAs(
  { path, ...said }: AssetFile,
  { length, sha256, md5 }: { readonly length: number } & Digests,
): SentFile {
  const same =
    length === said.length &&
    (said.sha256 === undefined || sha256?.equals(said.sha256) === true) &&
    (said.md5 === undefined || md5?.equals(said.md5) === true);
  if (!same || sha256 === undefined)
    throw new ProviderError({
      what: "changed while the command ran",
      where: path,
      tryThis: "the same command again, when nothing writes into the folder",
    });
  return { path, length, sha256, ...(md5 === undefined ? {} : { md5 }) };
}
