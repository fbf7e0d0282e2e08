import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { AssetFile } from "../assets/files";
import { BLOCK } from "../assets/send";
import type { Mlflow } from "../clients/mlflow";
import { isDatabricks } from "../clients/mlflow-hosts";
import { establish } from "../experiment/experiment";
import { artifactPlace } from "./artifact-place";
import type { Clients } from "./clients";
import type { Uploaded } from "./target";
import { uploadExperiment } from "./upload-experiment";
import { takeRun } from "./upload-run";

/** The folder of a run's artifacts that a model is in. */
const FOLDER = "model";

/**
 * Brings a model's files to where the server keeps artifacts: below a run of their own, in an experiment that has one of them for each content.
 *
 * @param fromItself whether the files come from the same server
 * @throws ProviderError where its artifacts are out of reach
 */
export async function serverUpload(
  { openContainer, say }: Clients,
  mlflow: Mlflow,
  name: string,
  files: readonly AssetFile[],
  key: string,
  fromItself: boolean,
): Promise<Uploaded> {
  const experiment = await establish(mlflow, await uploadExperiment(mlflow, name), {}, say);
  const content = createHash("sha256").update(key).digest("hex");
  const run = await takeRun(mlflow, experiment.experiment_id, name, content, say);
  const modelUri = `${run.artifactUri}/${FOLDER}`;
  try {
    const place = artifactPlace(mlflow, modelUri, openContainer);
    // Databricks signs addresses, and its stores do many things at a time.
    const whole = fromItself && !isDatabricks(mlflow.address);
    const sent = whole ? files.map((file) => (file.length > BLOCK ? atOnce(file) : file)) : files;
    const digest = await place.upload(sent, () => run.proceed(), say);
    run.proceed();
    await run.end("FINISHED");
    return { digest, modelUri, runId: run.id };
  } catch (error) {
    await run.end("FAILED").catch(() => undefined);
    throw error;
  }
}

/**
 * The file, read whole before its first byte is sent on: a server that does one thing at a time can't take in a file while it gives it out. The
 * copy is on this machine's disk, one file at a time.
 */
function atOnce(file: AssetFile): AssetFile {
  return {
    ...file,
    async open() {
      const folder = await mkdtemp(join(tmpdir(), "pulumi-azureml-"));
      const copy = join(folder, "file");
      const forget = async (): Promise<void> => await rm(folder, { recursive: true, force: true });
      try {
        await pipeline(await file.open(), createWriteStream(copy, { mode: 0o600 }));
      } catch (error) {
        await forget();
        throw error;
      }
      return createReadStream(copy).once("close", () => void forget());
    },
  };
}
