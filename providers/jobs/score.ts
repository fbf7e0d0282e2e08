import type { ContainerClient } from "@azure/storage-blob";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { blobDatastore } from "../assets/upload";
import type { Arm } from "../clients/arm";
import { containerAt, type containerClient, inWords, listBlobs } from "../clients/blob";
import { ProviderError } from "../clients/errors";
import { azureAddress } from "../models/addresses";

/** A file of a job's output or input. */
export interface ScoredFile {
  /** Below the folder; a single file's own name. */
  readonly path: string;
  /** Bytes. */
  readonly length: number;
  open(): Promise<Readable>;
}

/** How the stores are reached. */
export interface Stores {
  readonly arm: Arm;
  readonly containerClient: typeof containerClient;
}

/**
 * The files at an address, by path: of the folder, or the one file that it is. None where there is nothing.
 *
 * @param uri `azureml://…/paths/…` or a blob's `https://…`
 * @param workspaceId where an address that names no workspace is looked up
 * @throws ProviderError for an address of another kind, or where storage refuses
 */
export async function filesAt(
  stores: Stores,
  workspaceId: string,
  uri: string,
): Promise<readonly ScoredFile[]> {
  const { container, prefix } = await placeOf(stores, workspaceId, uri);
  const blobs = await inWords(uri, async () => await listBlobs(container, prefix));
  return [...blobs.values()]
    .filter(({ name, length, metadata }) => {
      const below = prefix === "" || name === prefix || name.startsWith(`${prefix}/`);
      return below && !(length === 0 && metadata["hdi_isfolder"] === "true");
    })
    .map(({ name, length }) => ({
      path:
        name === prefix
          ? (name.split("/").at(-1) ?? name)
          : name.slice(prefix === "" ? 0 : prefix.length + 1),
      length,
      open: async () => await inWords(uri, async () => await contentOf(container, name)),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Every line of a file that is not empty, as it comes. */
export async function* linesOf(file: ScoredFile): AsyncGenerator<string> {
  for await (const line of createInterface({ input: await file.open(), crlfDelay: Infinity }))
    if (line !== "") yield line;
}

interface Place {
  readonly container: ContainerClient;
  /** Without slashes at the ends. */
  readonly prefix: string;
}

async function placeOf({ arm, containerClient }: Stores, workspaceId: string, uri: string): Promise<Place> {
  const address = azureAddress(uri);
  if (address?.kind === "datastore") {
    const { account, containerName } = await blobDatastore(
      arm,
      address.workspaceId ?? workspaceId,
      address.datastore,
    );
    return { container: containerClient(account, containerName), prefix: address.path };
  }
  if (address?.kind === "blobs") {
    const { origin, pathname, search } = new URL(address.url);
    const [, container = "", ...path] = decodeURIComponent(pathname).split("/");
    return {
      container: containerAt(`${origin}/${container}${search}`),
      prefix: path.filter((part) => part !== "").join("/"),
    };
  }
  throw new ProviderError({
    what: "is no address of blobs",
    where: uri,
    allowed: "azureml://datastores/NAME/paths/PATH, https://ACCOUNT.blob.core.windows.net/CONTAINER/PATH",
  });
}

async function contentOf(container: ContainerClient, name: string): Promise<Readable> {
  const { readableStreamBody } = await container.getBlobClient(name).download();
  return readableStreamBody as Readable;
}
