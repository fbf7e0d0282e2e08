import { RestError, type BlockBlobClient } from "@azure/storage-blob";
import { createHash } from "node:crypto";
import { ProviderError } from "../clients/errors";
import type { Budget } from "./budget";
import type { AssetFile } from "./files";

/** A file in the store, compared with what was sent. */
export interface SentFile {
  readonly path: string;
  readonly length: number;
  readonly sha256: Buffer;
  readonly md5: Buffer;
}

/** Files up to this length go in one request, longer ones in blocks of it. */
export const BLOCK = 8 * 1024 * 1024;
/** Blob storage's most blocks of a blob. */
const MOST_BLOCKS = 50_000;
/** Where a blob says what its content is. */
export const SHA256_METADATA = "sha256";

/** Sends a file, each byte read once; the store compares what arrives by its MD5. */
export async function sendFile(blob: BlockBlobClient, file: AssetFile, budget: Budget): Promise<SentFile> {
  return file.length <= BLOCK ? await sendWhole(blob, file, budget) : await sendInBlocks(blob, file, budget);
}

async function sendWhole(blob: BlockBlobClient, file: AssetFile, budget: Budget): Promise<SentFile> {
  return await budget.spend(file.length, async () => {
    const reading = new Reading(file);
    const bytes = Buffer.concat(await reading.chunks());
    const sent = reading.sent();
    const { contentMD5 } = await blob.upload(bytes, bytes.length, { metadata: metadataOf(sent) });
    // Without one to compare with, the store computes the MD5 of what arrived.
    if (!sent.md5.equals(contentMD5 ?? Buffer.alloc(0)))
      throw new ProviderError({
        what: "arrived with other bytes than were sent",
        where: file.path,
        tryThis: "the same command again: it sends the file once more",
      });
    return sent;
  });
}

async function sendInBlocks(blob: BlockBlobClient, file: AssetFile, budget: Budget): Promise<SentFile> {
  const size = Math.max(BLOCK, Math.ceil(file.length / MOST_BLOCKS));
  const there = await stagedBlocks(blob);
  const reading = new Reading(file);
  const ids: string[] = [];
  const failed = new AbortController();
  const sending = new Set<Promise<void>>();
  for await (const bytes of blocksOf(reading, size, budget, failed.signal)) {
    const md5 = createHash("md5").update(bytes).digest();
    const id = Buffer.from(`${String(ids.length).padStart(6, "0")}-${md5.toString("hex")}`).toString(
      "base64",
    );
    ids.push(id);
    const work = (
      there.get(id) === bytes.length
        ? Promise.resolve()
        : blob.stageBlock(id, bytes, bytes.length, { transactionalContentMD5: md5 }).then(() => undefined)
    )
      .catch((error: unknown) => failed.abort(error))
      .finally(() => {
        budget.end(bytes.length);
        sending.delete(work);
      });
    sending.add(work);
  }
  await Promise.all(sending);
  failed.signal.throwIfAborted();
  const sent = reading.sent();
  await blob.commitBlockList(ids, {
    blobHTTPHeaders: { blobContentMD5: sent.md5 },
    metadata: metadataOf(sent),
  });
  return sent;
}

/** Blocks that an upload which was cut off left behind, by id: their length. */
async function stagedBlocks(blob: BlockBlobClient): Promise<ReadonlyMap<string, number>> {
  try {
    const { uncommittedBlocks = [] } = await blob.getBlockList("uncommitted");
    return new Map(uncommittedBlocks.map(({ name, size }) => [name, size]));
  } catch (error) {
    if (error instanceof RestError && error.statusCode === 404) return new Map();
    throw error;
  }
}

/** The file in pieces of one size, each counted in the budget, which whoever gets it ends. */
async function* blocksOf(
  reading: Reading,
  size: number,
  budget: Budget,
  failed: AbortSignal,
): AsyncGenerator<Buffer> {
  let left = reading.file.length;
  const chunks = reading[Symbol.asyncIterator]();
  let rest: Buffer[] = [];
  let held = 0;
  while (left > 0) {
    const wanted = Math.min(size, left);
    await budget.begin(wanted);
    try {
      failed.throwIfAborted();
      while (held < wanted) {
        const { value, done } = await chunks.next();
        if (done === true) throw changed(reading.file);
        rest.push(value);
        held += value.length;
      }
    } catch (error) {
      budget.end(wanted);
      await chunks.return?.(undefined);
      throw error;
    }
    const all = Buffer.concat(rest);
    rest = [all.subarray(wanted)];
    held -= wanted;
    left -= wanted;
    yield all.subarray(0, wanted);
  }
  // Reads to the end: longer than it was is another file, too.
  if (held > 0 || (await chunks.next()).done !== true) throw changed(reading.file);
}

/** One reading of a file from its first byte to its last. */
export class Reading implements AsyncIterable<Buffer> {
  private readonly sha256 = createHash("sha256");
  private readonly md5 = createHash("md5");
  private length = 0;

  constructor(readonly file: AssetFile) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, undefined> {
    for await (const chunk of (await this.file.open()) as AsyncIterable<Buffer>) {
      this.sha256.update(chunk);
      this.md5.update(chunk);
      this.length += chunk.length;
      yield chunk;
    }
    return undefined;
  }

  async chunks(): Promise<Buffer[]> {
    const chunks: Buffer[] = [];
    for await (const chunk of this) chunks.push(chunk);
    return chunks;
  }

  /**
   * What was read, at its end.
   *
   * @throws ProviderError where it is not what the file was said to be
   */
  sent(): SentFile {
    const { file, length } = this;
    const sent = { path: file.path, length, sha256: this.sha256.digest(), md5: this.md5.digest() };
    const same =
      length === file.length &&
      (file.sha256?.equals(sent.sha256) ?? true) &&
      (file.md5?.equals(sent.md5) ?? true);
    if (!same) throw changed(file);
    return sent;
  }
}

function metadataOf({ sha256 }: SentFile): Record<string, string> {
  return { [SHA256_METADATA]: sha256.toString("hex") };
}

function changed(file: AssetFile): ProviderError {
  return new ProviderError({
    what: "changed while the command ran",
    where: file.path,
    tryThis: "the same command again, when nothing writes into the folder",
  });
}
