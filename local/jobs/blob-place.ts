import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ContainerClient } from "@azure/storage-blob";
import { downloadPlace, uploadFolder } from "../blobs/transfer";
import { JobFailed } from "./job-failed";

/** Files of a storage account: a folder, or what is one file's whole name. */
export interface BlobPlace {
  readonly account: string;
  readonly container: string;
  /** Without slashes at the ends. */
  readonly prefix: string;
}

/** The daemon's own way to blobs. */
export interface JobBlobs {
  containerClient(account: string, container: string): ContainerClient;
}

/** Copies a place into `folder`, under the name of the place's last part; the folder appears whole or not at all. */
export async function copyPlace(
  blobs: JobBlobs,
  place: BlobPlace,
  folder: string,
  what: string,
): Promise<string> {
  const copy = copyIn(folder, place);
  if (existsSync(folder)) return copy;
  const incomplete = `${folder}.incomplete`;
  await rm(incomplete, { recursive: true, force: true });
  const container = blobs.containerClient(place.account, place.container);
  if ((await downloadPlace(container, place.prefix, copyIn(incomplete, place))) === 0)
    throw new JobFailed("UserError", `${what} has no files: nothing at ${told(place)}.`);
  await rename(incomplete, folder);
  return copy;
}

/** Puts a folder's files at the place. @param put as `uploadFolder` takes it */
export async function uploadTo(
  blobs: JobBlobs,
  place: BlobPlace,
  folder: string,
  put?: Map<string, string>,
): Promise<void> {
  const container = blobs.containerClient(place.account, place.container);
  await container.createIfNotExists();
  await uploadFolder(container, place.prefix, folder, put);
}

/** The place as an error says it. */
export function told({ account, container, prefix }: BlobPlace): string {
  return `${prefix} in container ${container} of storage account ${account}`;
}

/** Where a place's copy is in a folder: a registered model keeps the name of its folder or file. */
export function copyIn(folder: string, { prefix }: BlobPlace): string {
  return join(folder, basename(prefix) || "model");
}
