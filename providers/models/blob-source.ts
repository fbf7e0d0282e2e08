import type { ContainerClient } from "@azure/storage-blob";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { type AssetFile, isIgnored, knownDigest } from "../assets/files";
import { sha256In } from "../assets/upload";
import { listBlobs, type ListedBlob } from "../clients/blob";
import { ProviderError } from "../clients/errors";
import type { Lineage, ModelSource, SourceIdentity } from "./source";

/** A folder in a blob store, and what is known of the model in it. */
export interface BlobFolder {
  readonly container: ContainerClient;
  /** Without slashes at the ends. */
  readonly prefix: string;
  /** What the program calls it, without what is secret. */
  readonly address: string;
  readonly lineage: Lineage;
  /** Content's digest as the registry that it comes from has it. */
  readonly digest?: string;
}

/** @param find looks the folder up; it is asked once */
export function blobSource(folderName: string, find: () => Promise<BlobFolder>): ModelSource {
  let found: Promise<BlobFolder> | undefined;
  const folder = async (): Promise<BlobFolder> => await (found ??= find());
  return {
    folderName,
    identify: async (within) => identityOf(await folder(), within),
    async files() {
      const { container, prefix, address } = await folder();
      return blobFiles(container, prefix, address, await listBlobs(container, `${prefix}/`));
    },
    lineage: async () => (await folder()).lineage,
  };
}

async function identityOf(
  { container, prefix, address, digest }: BlobFolder,
  within: AbortSignal,
): Promise<SourceIdentity> {
  if (digest !== undefined) return { digest };
  const files = blobFiles(container, prefix, address, await listBlobs(container, `${prefix}/`, within));
  const known = knownDigest(files);
  if (known !== undefined) return { digest: known };
  const listing = files.map(({ path, length, etag }) => `${etag} ${length} ${path}\n`).join("");
  return { address: `${address}#${createHash("sha256").update(listing).digest("hex")}` };
}

/** The files below a prefix as a listing has them. @throws ProviderError where there are none */
export function blobFiles(
  container: ContainerClient,
  prefix: string,
  address: string,
  blobs: ReadonlyMap<string, ListedBlob>,
): readonly (AssetFile & { readonly etag: string })[] {
  const files = [...blobs.values()]
    .map((blob) => fileOf(container, prefix, blob))
    .filter(({ path, length }) => path !== "" && !isFolder(path, length, blobs, prefix) && !isIgnored(path));
  if (files.length === 0) throw new ProviderError({ what: "there are no files", where: address });
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Stores with a hierarchical namespace list folders as blobs of no length. */
function isFolder(
  path: string,
  length: number,
  blobs: ReadonlyMap<string, ListedBlob>,
  prefix: string,
): boolean {
  return length === 0 && blobs.get(`${prefix}/${path}`)?.metadata["hdi_isfolder"] === "true";
}

function fileOf(
  container: ContainerClient,
  prefix: string,
  blob: ListedBlob,
): AssetFile & { readonly etag: string } {
  const { name, length, etag, md5 } = blob;
  const sha256 = sha256In(blob);
  return {
    path: name.slice(prefix.length + 1),
    length,
    etag,
    ...(md5 === undefined ? {} : { md5 }),
    ...(sha256 === undefined ? {} : { sha256 }),
    async open() {
      // What is read is what was listed, or nothing.
      const conditions = { ifMatch: etag };
      const { readableStreamBody } = await container
        .getBlobClient(name)
        .download(0, undefined, { conditions, maxRetryRequests: 5 });
      return Readable.from(readableStreamBody ?? []);
    },
  };
}
