import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { type AssetFile, readFolder } from "../assets/files";
import { Reading, type SentFile } from "../assets/reading";
import { uploadFiles } from "../assets/upload";
import { containerClient, listBlobs } from "../clients/blob";
import { listRunArtifacts, listVersionArtifacts } from "../clients/databricks";
import { deadlineIn } from "../clients/deadline";
import { ProviderError } from "../clients/errors";
import type { Mlflow } from "../clients/mlflow";
import { artifactPath, listArtifacts } from "../clients/mlflow-artifacts";
import { isLoopback } from "../clients/mlflow-server";
import { blobFiles } from "./blob-source";
import { sendArtifact } from "./send-artifact";
import { sendMissing } from "./send-missing";
import { sendToDatabricks } from "./send-to-databricks";

/** A folder of artifacts, wherever an MLflow server keeps it. */
export interface ArtifactPlace {
  /** Every file, in the order of their paths; none where there is no such folder. */
  list(within?: AbortSignal): Promise<readonly AssetFile[]>;
  /**
   * Brings the files there. What is there already is not sent again.
   *
   * @param proceed throws where no more is to be sent
   * @returns the digest of what is there now
   */
  upload(files: readonly AssetFile[], proceed: () => void, say: (line: string) => void): Promise<string>;
}

/** The addresses of artifacts that can be reached, in words. */
const REACHED =
  "mlflow-artifacts:/…, on Databricks dbfs:/databricks/mlflow-tracking/…, wasbs://CONTAINER@ACCOUNT.blob.core.windows.net/…, abfss://…, and a folder where the server is on this machine";
const UPLOAD_MINUTES = 60;

/** @throws ProviderError where artifacts at that address are out of reach */
export function artifactPlace(
  mlflow: Mlflow,
  uri: string,
  openContainer: typeof containerClient = containerClient,
): ArtifactPlace {
  if (uri.startsWith("mlflow-artifacts:")) return proxied(mlflow, artifactPath(mlflow, uri));
  const onDatabricks = databricks(mlflow, uri);
  if (onDatabricks !== undefined) return onDatabricks;
  const [, container, account, suffix, path] =
    /^(?:wasbs|abfss):\/\/([^@/]+)@([a-z0-9]+)\.(?:blob|dfs)\.([a-z.]+)\/(.+?)\/*$/.exec(uri) ?? [];
  if (container !== undefined && path !== undefined)
    return blobs(openContainer(`https://${account}.blob.${suffix}`, container), path, uri);
  const folder = uri.startsWith("file:") ? fileURLToPath(uri) : uri;
  if (folder.startsWith("/") && isLoopback(mlflow.address)) return onDisk(folder);
  throw new ProviderError({
    what: `keeps its artifacts where this package doesn't reach: ${uri.split("?")[0]}`,
    where: mlflow.address,
    allowed: REACHED,
    tryThis: "a server that serves artifacts (mlflow server --serve-artifacts)",
  });
}

/** What a run logged to Databricks, or a version in its workspace's own registry. */
function databricks(mlflow: Mlflow, uri: string): ArtifactPlace | undefined {
  const [, runId, path] =
    /^dbfs:\/databricks\/mlflow-tracking\/[^/]+\/([0-9a-f]{32})\/artifacts\/(.+)$/.exec(uri) ?? [];
  const [, name, version] = /^models:\/([^/]+)\/(\d+)$/.exec(uri) ?? [];
  if (runId !== undefined && path !== undefined) {
    const list: ArtifactPlace["list"] = async (within) => await listRunArtifacts(mlflow, runId, path, within);
    const send = async (file: AssetFile): Promise<SentFile> =>
      await sendToDatabricks(mlflow, { runId, path: `${path}/${file.path}` }, file);
    return { list, upload: async (files, proceed) => await sendMissing(files, proceed, list, send) };
  }
  if (name !== undefined && version !== undefined)
    return {
      list: async (within) => await listVersionArtifacts(mlflow, name, version, within),
      async upload() {
        throw new ProviderError({ what: "a version's files are written by its run alone", where: uri });
      },
    };
  return undefined;
}

/** By the server itself, which says how long files are and not what is in them. */
function proxied(mlflow: Mlflow, folder: string): ArtifactPlace {
  const list: ArtifactPlace["list"] = async (within) => await listArtifacts(mlflow, folder, within);
  return {
    list,
    upload: async (files, proceed) =>
      await sendMissing(
        files,
        proceed,
        list,
        async (file) => await sendArtifact(mlflow, `${folder}/${file.path}`, file),
      ),
  };
}

function blobs(
  container: ReturnType<typeof containerClient>,
  prefix: string,
  address: string,
): ArtifactPlace {
  return {
    async list(within) {
      const found = await listBlobs(container, `${prefix}/`, within);
      return found.size === 0 ? [] : blobFiles(container, prefix, address, found);
    },
    upload: async (files, _proceed, say) =>
      await uploadFiles(container, `${prefix}/`, files, deadlineIn(UPLOAD_MINUTES), say),
  };
}

/** A file is there whole or not at all. */
function onDisk(folder: string): ArtifactPlace {
  const list: ArtifactPlace["list"] = async () =>
    (await stat(folder).catch(() => undefined)) === undefined ? [] : await readFolder(folder);
  return {
    list,
    async upload(files, proceed) {
      await mkdir(folder, { recursive: true });
      // On the same file system, so that a rename is all it takes.
      const parts = await mkdtemp(join(dirname(folder), ".parts-"));
      try {
        return await sendMissing(files, proceed, list, async (file) => {
          const place = join(folder, file.path);
          await mkdir(dirname(place), { recursive: true });
          const part = join(await mkdtemp(join(parts, "part-")), basename(file.path));
          const reading = new Reading(file);
          await pipeline(Readable.from(reading), createWriteStream(part));
          const sent = reading.sent();
          await rename(part, place);
          return sent;
        });
      } finally {
        await rm(parts, { recursive: true, force: true });
      }
    },
  };
}
