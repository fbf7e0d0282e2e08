import type { ContainerClient } from "@azure/storage-blob";
import pLimit from "p-limit";
import { listBlobs, onceAllowed } from "../clients/blob";
import type { Deadline } from "../clients/deadline";
import type { ModelFile } from "./digest";

const FILES_AT_ONCE = 8;
/** At most this many blocks of this size of one file are in memory. */
const BLOCKS = { blockSize: 8 * 1024 * 1024, concurrency: 4 };

/**
 * Uploads the files below a prefix, streaming, several at once. Those already there with the same length and MD5 are skipped, so that an
 * upload that was cut off goes on.
 */
export async function uploadFiles(
  container: ContainerClient,
  prefix: string,
  files: readonly ModelFile[],
  deadline: Deadline,
  say: (line: string) => void,
): Promise<void> {
  const there = await onceAllowed(container, () => listBlobs(container, prefix), deadline, say);
  const limit = pLimit(FILES_AT_ONCE);
  await Promise.all(
    files.map((file) =>
      limit(async () => {
        const blob = there.get(prefix + file.path)?.properties;
        if (blob?.contentLength === file.length && file.md5.equals(blob.contentMD5 ?? Buffer.alloc(0)))
          return;
        const client = container.getBlockBlobClient(prefix + file.path);
        const options = { ...BLOCKS, blobHTTPHeaders: { blobContentMD5: file.md5 } };
        await onceAllowed(container, () => client.uploadFile(file.source, options), deadline, say);
      }),
    ),
  );
}
