import { Readable } from "node:stream";
import type { AssetFile } from "../assets/files";
import { Reading, readWhole, type SentFile } from "../assets/reading";
import { BLOCK } from "../assets/send";
import type { Mlflow } from "../clients/mlflow";
import { putArtifact } from "../clients/mlflow-artifacts";
import { LEAST_IN_PARTS, sendInParts } from "./send-parts";

/**
 * Sends a file through an MLflow server, a large one as it is read; where the server offers it, in parts past the server.
 *
 * @param path at the server's artifact proxy
 * @throws MlflowError, and ProviderError where the file is not what it was said to be
 */
export async function sendArtifact(mlflow: Mlflow, path: string, file: AssetFile): Promise<SentFile> {
  if (file.length <= BLOCK) {
    const bytes = Buffer.allocUnsafe(file.length);
    const sent = await readWhole(file, bytes);
    await putArtifact(mlflow, path, () => Readable.from([bytes]), bytes.length);
    return sent;
  }
  const inParts = file.length < LEAST_IN_PARTS ? undefined : await sendInParts(mlflow, path, file);
  if (inParts !== undefined) return inParts;
  // Open before the server waits for it: a server of one worker gives nothing out while it takes something in.
  const opened = [await file.open()];
  const ready = { ...file, open: async () => opened.shift() ?? (await file.open()) };
  let reading = new Reading(ready);
  try {
    await putArtifact(mlflow, path, () => Readable.from((reading = new Reading(ready))), file.length);
  } finally {
    opened.shift()?.destroy();
  }
  return reading.sent();
}
