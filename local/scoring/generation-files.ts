import { existsSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { ContainerClient } from "@azure/storage-blob";
import type { OnlineDeploymentSpec } from "../arm/effects";
import { downloadPlace, OutsideFolder } from "../blobs/transfer";
import type { BlobFolder } from "../mlflow/model-files";
import { DeploymentFailed } from "./deployment-failed";

/** The daemon's own way to blobs. */
export interface FileBlobs {
  containerClient(account: string, container: string): ContainerClient;
}

/** What is copied for a generation. */
export type GenerationSource = Pick<OnlineDeploymentSpec, "model" | "code">;
type Model = NonNullable<OnlineDeploymentSpec["model"]>;

const sourceFile = "source.json";

/** Where a generation has its model, as `/var/azureml-app` has it in Azure: the registered folder, or the one file, is in there. */
export const modelDirectory = (generation: string, { name, version }: Model): string =>
  join(generation, "azureml-models", name, version);
/** The name that a registered folder or file has there. */
export const registeredName = ({ prefix }: BlobFolder): string => basename(prefix);
/** Where a generation has the folder with its script. */
export const codeDirectory = (generation: string, { prefix }: BlobFolder): string =>
  join(generation, "code", basename(prefix));

/** Copies model and code into the generation's folder, which appears whole or not at all. */
export async function downloadFiles(
  blobs: FileBlobs,
  { model, code }: GenerationSource,
  generation: string,
): Promise<void> {
  const incomplete = `${generation}.incomplete`;
  try {
    if (model) await download(blobs, "model", model, modelDirectory(incomplete, model));
    if (code) await download(blobs, "code", code, dirname(codeDirectory(incomplete, code)));
    await writeFile(join(incomplete, sourceFile), JSON.stringify({ model, code }));
    await rename(incomplete, generation);
  } catch (error) {
    await rm(incomplete, { recursive: true, force: true });
    throw error;
  }
}

/** Whether the generation's folder holds a whole copy of these. */
export async function holdsFiles(generation: string, { model, code }: GenerationSource): Promise<boolean> {
  const file = join(generation, sourceFile);
  return existsSync(file) && (await readFile(file, "utf8")) === JSON.stringify({ model, code });
}

/** Copies a folder of blobs, or the one blob that has the whole prefix as its name, into `into` under its own name. */
async function download(blobs: FileBlobs, what: string, place: BlobFolder, into: string): Promise<void> {
  const container = blobs.containerClient(place.account, place.container);
  const prefix = place.prefix.replace(/\/+$/, "");
  let count: number;
  try {
    count = await downloadPlace(container, prefix, join(into, basename(prefix)));
  } catch (error) {
    if (!(error instanceof OutsideFolder)) throw error;
    throw new DeploymentFailed("BadArgument", `The ${what} has a file outside its own folder: ${error.path}`);
  }
  if (count === 0) throw new DeploymentFailed("ResourceNotFound", nothingAt(what, place));
}

function nothingAt(what: string, { account, container, prefix }: BlobFolder): string {
  return `The ${what} has no files: nothing at ${prefix} in container ${container} of storage account ${account}.`;
}
