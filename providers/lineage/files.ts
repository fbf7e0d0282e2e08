import type { ContainerClient } from "@azure/storage-blob";
import pLimit from "p-limit";
import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { text } from "node:stream/consumers";
import { digestOf } from "../assets/files";
import { ML_API_VERSION, type Arm } from "../clients/arm";
import { cloud } from "../clients/cloud";
import { containerClient, listBlobs } from "../clients/blob";
import { ProviderError } from "../clients/errors";

const FILES_AT_ONCE = 8;
/** Above this a digest is not computed again: it would take minutes. */
const MOST_BYTES = 512 * 1024 * 1024;

/** The folder of a registered model in the workspace's storage. */
export interface ModelFolder {
  readonly container: ContainerClient;
  /** With the slash at its end. */
  readonly prefix: string;
}

interface Datastore {
  readonly properties: {
    readonly accountName?: string;
    readonly containerName?: string;
    readonly endpoint?: string;
    readonly protocol?: string;
  };
}

/** @param modelUri `azureml://subscriptions/…/datastores/NAME/paths/PATH` @throws ProviderError where it is no blob datastore's */
export async function modelFolder(arm: Arm, workspaceId: string, modelUri: string): Promise<ModelFolder> {
  const [, datastore, path] = /\/datastores\/([^/]+)\/paths\/(.+)$/.exec(modelUri) ?? [];
  if (datastore === undefined || path === undefined)
    throw new ProviderError({ what: "its files are in no datastore", where: modelUri });
  const found = await arm.read<Datastore>(`${workspaceId}/datastores/${datastore}`, {
    apiVersion: ML_API_VERSION,
  });
  const {
    accountName,
    containerName,
    endpoint = (await cloud()).storageSuffix,
    protocol = "https",
  } = found?.properties ?? {};
  if (accountName === undefined || containerName === undefined)
    throw new ProviderError({ what: "its files are in no blob datastore", where: modelUri });
  return {
    container: containerClient(`${protocol}://${accountName}.blob.${endpoint}`, containerName),
    prefix: `${path.replace(/\/$/, "")}/`,
  };
}

/** The folder's `MLmodel`; undefined where there is none. */
export async function readMlmodel({ container, prefix }: ModelFolder): Promise<string | undefined> {
  const blob = container.getBlobClient(`${prefix}MLmodel`);
  if (!(await blob.exists())) return undefined;
  const { readableStreamBody } = await blob.download();
  return readableStreamBody === undefined ? undefined : await text(readableStreamBody);
}

/** The digest of what is in the folder now; undefined where there is too much of it to be read. */
export async function computeDigest({ container, prefix }: ModelFolder): Promise<string | undefined> {
  const blobs = [...(await listBlobs(container, prefix)).values()];
  const bytes = blobs.reduce((sum, { length }) => sum + length, 0);
  if (bytes > MOST_BYTES) return undefined;
  const limit = pLimit(FILES_AT_ONCE);
  const files = await Promise.all(
    blobs.map(({ name }) =>
      limit(async () => ({ path: name.slice(prefix.length), sha256: await sha256Of(container, name) })),
    ),
  );
  return digestOf(files);
}

async function sha256Of(container: ContainerClient, name: string): Promise<Buffer> {
  const hash = createHash("sha256");
  const { readableStreamBody } = await container.getBlobClient(name).download();
  if (readableStreamBody !== undefined) await pipeline(readableStreamBody, hash);
  return hash.digest();
}
