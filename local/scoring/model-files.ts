import { createWriteStream, existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import type { ContainerClient } from "@azure/storage-blob";
import pLimit from "p-limit";
import type { OnlineDeploymentSpec } from "../arm/effects";
import { DeploymentFailed } from "./deployment-failed";

/** The daemon's own way to blobs. */
export interface ModelBlobs {
  containerClient(account: string, container: string): ContainerClient;
}

type ModelSource = NonNullable<OnlineDeploymentSpec["model"]>;

const DOWNLOADS_AT_ONCE = 8;
/** A generation's folder. The inference server wants a model's folder to be named by a number, in one named as the model. */
export const modelFolder = join("model", "1");
export const modelsIn = (generation: string): string => join(generation, "models");
const sourceFile = "source.json";

/** Copies the model's files into `<generation>/models/model/1`; the generation's folder appears whole or not at all. */
export async function downloadModel(
  blobs: ModelBlobs,
  source: ModelSource,
  generation: string,
): Promise<void> {
  const incomplete = `${generation}.incomplete`;
  const folder = resolve(modelsIn(incomplete), modelFolder);
  const container = blobs.containerClient(source.account, source.container);
  const prefix = source.prefix.replace(/\/*$/, "/");
  const atOnce = pLimit(DOWNLOADS_AT_ONCE);
  const downloads: Promise<void>[] = [];
  try {
    for await (const { name } of container.listBlobsFlat({ prefix })) {
      const file = inside(folder, name.slice(prefix.length));
      const download = atOnce(() => downloadBlob(container, name, file));
      download.catch(() => undefined);
      downloads.push(download);
    }
    await Promise.all(downloads);
    if (downloads.length === 0) throw new DeploymentFailed("ResourceNotFound", nothingAt(source));
    await writeFile(join(incomplete, sourceFile), JSON.stringify(source));
    await rename(incomplete, generation);
  } catch (error) {
    await Promise.allSettled(downloads);
    await rm(incomplete, { recursive: true, force: true });
    throw error;
  }
}

/** Whether the generation's folder holds a whole copy of this model. */
export async function holdsModel(generation: string, source: ModelSource): Promise<boolean> {
  const file = join(generation, sourceFile);
  return existsSync(file) && (await readFile(file, "utf8")) === JSON.stringify(source);
}

async function downloadBlob(container: ContainerClient, name: string, file: string): Promise<void> {
  const { readableStreamBody } = await container.getBlobClient(name).download();
  if (!readableStreamBody) throw new Error(`The blob ${name} has no content stream.`);
  await mkdir(dirname(file), { recursive: true });
  await pipeline(readableStreamBody, createWriteStream(file));
}

function inside(folder: string, path: string): string {
  const file = resolve(folder, path);
  if (file.startsWith(folder + sep)) return file;
  throw new DeploymentFailed("BadArgument", `The model has a file outside its own folder: ${path}`);
}

function nothingAt({ account, container, prefix }: ModelSource): string {
  return `The model has no files: nothing at ${prefix} in container ${container} of storage account ${account}.`;
}
