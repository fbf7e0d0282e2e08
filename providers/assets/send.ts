import { RestError, type BlockBlobClient } from "@azure/storage-blob";
import { createHash } from "node:crypto";
import { ProviderError } from "../clients/errors";
import type { Buffers } from "./buffers";
import type { AssetFile } from "./files";
import { inPieces, type Memory } from "./in-pieces";
import { readWhole, type SentFile } from "./reading";

/** Files up to this length go in one request, longer ones in blocks of it. */
export const BLOCK = 4 * 1024 * 1024;
/** Blob storage's most blocks of a blob. */
export const MOST_BLOCKS = 50_000;
/** Where a blob says what its content is. */
export const SHA256_METADATA = "sha256";

/** What all files that are sent at once share. */
export interface Upload extends Memory {
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
  const size = Math.max(BLOCK, Math.ceil(file.length / MOST_BLOCKS));
  const send = async (index: number, bytes: Buffer): Promise<string> => {
    const md5 = createHash("md5").update(bytes).digest();
    const id = Buffer.from(`${String(index).padStart(6, "0")}-${md5.toString("hex")}`).toString("base64");
    if (there.get(id) !== bytes.length)
      await blob.stageBlock(id, bytes, bytes.length, { transactionalContentMD5: md5 });
    return id;
  };
  const { pieces: ids, sent } = await inPieces(file, size, upload, send, upload.stopped);
  await blob.commitBlockList([...ids], {
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

function metadataOf({ sha256 }: SentFile): Record<string, string> {
  return { [SHA256_METADATA]: sha256.toString("hex") };
}
