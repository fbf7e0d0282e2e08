import { createHash } from "node:crypto";
import { ProviderError } from "../clients/errors";
import { bytesOf, type Bytes } from "./bytes";
import type { AssetFile } from "./files";

/** A file as it was read, and sent. */
export interface SentFile {
  readonly path: string;
  readonly length: number;
  readonly sha256: Buffer;
  /** Where it was known before, or asked for. */
  readonly md5?: Buffer;
}

/** Bytes of one chunk. */
const CHUNK = 128 * 1024;

/** One reading of a file from its first byte to its last. */
export class Reading implements AsyncIterable<Buffer> {
  private readonly sha256 = createHash("sha256");
  private readonly md5;
  private length = 0;
  private bytes: Promise<Bytes> | undefined;

  /** @param withMd5 whether the MD5 is taken though nobody knows what it should be; it costs more than all the rest */
  constructor(
    private readonly file: AssetFile,
    withMd5 = false,
  ) {
    this.md5 = withMd5 || file.md5 !== undefined ? createHash("md5") : undefined;
  }

  /** Reads the next bytes into the buffer. @returns how many; fewer than it takes are the last ones */
  async fill(buffer: Buffer): Promise<number> {
    const bytes = await (this.bytes ??= bytesOf(this.file));
    const filled = await bytes.fill(buffer);
    const read = buffer.subarray(0, filled);
    this.sha256.update(read);
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
    } finally {
      await this.close();
    }
    return undefined;
  }

  /** All of it, for a file that fits into memory. */
  async whole(): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(this.file.length);
    try {
      await this.fill(bytes);
      await this.end();
    } finally {
      await this.close();
    }
    return bytes;
  }

  /** Finds out whether there is more than there should be. */
  async end(): Promise<void> {
    await this.fill(Buffer.alloc(1));
  }

  /**
   * What was read, at its end.
   *
   * @throws ProviderError where it is not what the file was said to be
   */
  sent(): SentFile {
    const { file, length } = this;
    const sha256 = this.sha256.digest();
    const md5 = this.md5?.digest();
    const same =
      length === file.length &&
      (file.sha256?.equals(sha256) ?? true) &&
      (file.md5 === undefined || md5?.equals(file.md5) === true);
    if (!same)
      throw new ProviderError({
        what: "changed while the command ran",
        where: file.path,
        tryThis: "the same command again, when nothing writes into the folder",
      });
    return { path: file.path, length, sha256, ...(md5 === undefined ? {} : { md5 }) };
  }

  async close(): Promise<void> {
    await (await this.bytes)?.close();
  }
}
