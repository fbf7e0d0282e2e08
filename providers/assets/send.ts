import { RestError, type BlockBlobClient } from "@azure/storage-blob";
import { createHash } from "node:crypto";
import { ProviderError } from "../clients/errors";
import type { Budget } from "./budget";
import type { Buffers, Lent } from "./buffers";
import type { AssetFile } from "./files";
import { Reading, readWhole, type SentFile } from "./reading";

/** Files up to this length go in one request, longer ones in blocks of it. */
export const BLOCK = 4 * 1024 * 1024;
/** Blob storage's most blocks of a blob. */
const MOST_BLOCKS = 50_000;
/** Where a blob says what its content is. */
export const SHA256_METADATA = "sha256";

/** What all files that are sent at once share. */
export interface Upload {
  readonly budget: Budget;
  readonly buffers: Buffers;
  /** Aborted once a file has failed. */
  readonly stopped: AbortSignal;
}

/** Sends a file, each byte read once; the store compares what arrives by its MD5. */
export async function sendFile(blob: BlockBlobClient, file: AssetFile, upload: Upload): Promise<SentFile> {
  upload.stopped.throwIfAborted();
  return file.length <= BLOCK ? await sendWhole(blob, file, upload) : await sendInBlocks(blob, file, upload);
}

async function sendWhole(
  blob: BlockBlobClient,
  file: AssetFile,
  { budget, buffers, stopped }: Upload,
): Promise<SentFile> {
  return await budget.spend(file.length, async () => {
    stopped.throwIfAborted();
    const { bytes, free } = buffers.lend(file.length);
    try {
      const sent = await readWhole(file, bytes);
      const { contentMD5 } = await blob.upload(bytes, bytes.length, { metadata: metadataOf(sent) });
      // Without one to compare with, the store computes the MD5 of what arrived.
      if (!sent.md5.equals(contentMD5 ?? Buffer.alloc(0)))
        throw new ProviderError({
          what: "arrived with other bytes than were sent",
          where: file.path,
          tryThis: "the same command again: it sends the file once more",
        });
      return sent;
    } finally {
      free();
    }
  });
}

/** The whole's MD5 is not taken: it costs as much as all else, and says no more than those of the blocks and the SHA-256. */
async function sendInBlocks(blob: BlockBlobClient, file: AssetFile, upload: Upload): Promise<SentFile> {
  const there = await stagedBlocks(blob);
  const ids: string[] = [];
  const reading = new Reading(file);
  const failed = new AbortController();
  const sending = new Set<Promise<void>>();
  try {
    for await (const { bytes, free } of blocksOf(file, reading, upload, failed.signal)) {
      const md5 = createHash("md5").update(bytes).digest();
      const id = Buffer.from(`${String(ids.length).padStart(6, "0")}-${md5.toString("hex")}`).toString(
        "base64",
      );
      ids.push(id);
      const isThere = there.get(id) === bytes.length;
      const work = (
        isThere
          ? Promise.resolve()
          : blob.stageBlock(id, bytes, bytes.length, { transactionalContentMD5: md5 }).then(() => undefined)
      )
        .catch((error: unknown) => failed.abort(error))
        .finally(() => {
          free();
          sending.delete(work);
        });
      sending.add(work);
    }
  } finally {
    await Promise.all(sending);
    await reading.close();
  }
  failed.signal.throwIfAborted();
  const sent = reading.sent();
  await blob.commitBlockList(ids, {
    ...(sent.md5 === undefined ? {} : { blobHTTPHeaders: { blobContentMD5: sent.md5 } }),
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

/** The file in pieces of one size, each counted in the budget until whoever got it frees it. */
async function* blocksOf(
  file: AssetFile,
  reading: Reading,
  { budget, buffers, stopped }: Upload,
  failed: AbortSignal,
): AsyncGenerator<Lent> {
  const size = Math.max(BLOCK, Math.ceil(file.length / MOST_BLOCKS));
  for (let left = file.length; left > 0; left -= Math.min(size, left)) {
    const length = Math.min(size, left);
    await budget.begin(length);
    const { bytes, free: giveBack } = buffers.lend(length);
    const free = (): void => {
      giveBack();
      budget.end(length);
    };
    let filled = 0;
    try {
      failed.throwIfAborted();
      stopped.throwIfAborted();
      filled = await reading.fill(bytes);
    } finally {
      if (filled < length) free();
    }
    // Its end: what was read is not what was said.
    if (filled < length) return;
    yield { bytes, free };
  }
  await reading.end();
}

function metadataOf({ sha256 }: SentFile): Record<string, string> {
  return { [SHA256_METADATA]: sha256.toString("hex") };
}
