import {
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
} from "@azure/core-rest-pipeline";
import { Budget } from "../assets/budget";
import type { AssetFile } from "../assets/files";
import { Reading, type SentFile } from "../assets/reading";
import { ProviderError } from "../clients/errors";
import type { Mlflow } from "../clients/mlflow";
import { beginParts, type PartAddress, type PartUpload, type SentPart } from "../clients/mlflow-parts";
import { isLoopback } from "../clients/mlflow-server";

/** Bytes; shorter files go through the server in one piece. */
export const LEAST_IN_PARTS = 32 * 1024 * 1024;
/** Bytes of a part: no store takes less than 5 MB. */
const PART = 16 * 1024 * 1024;
/** S3's most parts of a file. */
const MOST_PARTS = 10_000;
const AT_ONCE = { requests: 4, bytes: 4 * PART };

/**
 * Sends a file in parts, past the server, to the store that it keeps artifacts in; the server puts them together at the end.
 *
 * @param path at the server's artifact proxy
 * @returns undefined where the server's store has no such way
 * @throws ProviderError where a part doesn't arrive, or the file is not what it was said to be
 */
export async function sendInParts(
  mlflow: Mlflow,
  path: string,
  file: AssetFile,
): Promise<SentFile | undefined> {
  const size = Math.max(PART, Math.ceil(file.length / MOST_PARTS));
  const upload = await beginParts(mlflow, path, Math.ceil(file.length / size));
  if (upload === undefined) return undefined;
  try {
    const reading = new Reading(file);
    const parts = await sendAll(upload, reading, file.length, size);
    const sent = reading.sent();
    await upload.complete(parts);
    return sent;
  } catch (error) {
    await upload.abort().catch(() => undefined);
    throw error;
  }
}

/** Reads on while parts are on their way, as many as the budget lets. */
async function sendAll(
  { parts }: PartUpload,
  reading: Reading,
  length: number,
  size: number,
): Promise<SentPart[]> {
  const budget = new Budget(AT_ONCE);
  const failed = new AbortController();
  const sending: Promise<SentPart | undefined>[] = [];
  try {
    for (let start = 0; start < length && !failed.signal.aborted; start += size) {
      const bytes = Buffer.allocUnsafeSlow(Math.min(size, length - start));
      await budget.begin(bytes.length);
      // A file that has become shorter is found out by what was read of it.
      if ((await reading.fill(bytes)) < bytes.length) break;
      const part = sendPart(parts[sending.length], bytes)
        .catch((error: unknown) => void failed.abort(error))
        .finally(() => budget.end(bytes.length));
      sending.push(part.then((sent) => sent ?? undefined));
    }
    await reading.end();
  } finally {
    await Promise.all(sending);
    await reading.close();
  }
  failed.signal.throwIfAborted();
  return (await Promise.all(sending)).filter((part) => part !== undefined);
}

/** The signature in the address is what the store goes by: who is signed in to the server stays unknown to it. */
async function sendPart(part: PartAddress | undefined, bytes: Buffer): Promise<SentPart> {
  const { url = "", part_number, headers = {} } = part ?? {};
  const secure = url.startsWith("https:") || isLoopback(url);
  if (part_number === undefined || !secure)
    throw new ProviderError({ what: "the server gave no address to send a part to", allowed: "https://…" });
  const request = createPipelineRequest({
    url,
    method: "PUT",
    body: bytes,
    allowInsecureConnection: !url.startsWith("https:"),
  });
  for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
  const pipeline = createPipelineFromOptions({ redirectOptions: { maxRetries: 0 } });
  const { status, headers: answered } = await pipeline.sendRequest(createDefaultHttpClient(), request);
  if (status >= 300)
    throw new ProviderError({
      what: `the store answered part ${part_number} with ${status}`,
      where: new URL(url).host,
      tryThis: "the same command again: it sends what is missing",
    });
  return { part_number, etag: answered.get("etag") ?? "", url };
}
