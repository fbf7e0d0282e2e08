import type { AssetFile } from "../assets/files";
import type { SentFile } from "../assets/reading";
import type { Mlflow } from "../clients/mlflow";
import { beginParts, type PartAddress, type SentPart } from "../clients/mlflow-parts";
import { sendSigned } from "../clients/signed-address";
import { cut, inParts } from "./in-parts";

/** Bytes; shorter files go through the server in one piece. */
export const LEAST_IN_PARTS = 32 * 1024 * 1024;
/** S3's most parts of a file. */
export const MOST_PARTS = 10_000;

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
  const pieces = cut(file.length, MOST_PARTS);
  const upload = await beginParts(mlflow, path, pieces.count);
  if (upload === undefined) return undefined;
  try {
    const { parts, sent } = await inParts(file, pieces, (index, bytes) =>
      sendPart(upload.parts[index], index + 1, bytes),
    );
    await upload.complete(parts);
    return sent;
  } catch (error) {
    await upload.abort().catch(() => undefined);
    throw error;
  }
}

async function sendPart(part: PartAddress | undefined, number: number, bytes: Buffer): Promise<SentPart> {
  const address = part && { url: part.url, headers: part.headers ?? {} };
  const { headers } = await sendSigned(address, "PUT", `part ${number}`, bytes);
  return { part_number: part?.part_number ?? number, etag: headers.get("etag") ?? "", url: part?.url ?? "" };
}
