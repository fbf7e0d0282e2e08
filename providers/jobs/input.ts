import { resolve } from "node:path";
import { digestOf, type LocalFile, readFiles } from "../assets/files";
import { localPlace } from "../assets/local-place";
import { datastoreUri, uploadToWorkspace } from "../assets/upload";
import { readVersion } from "../assets/versions";
import type { BatchInput } from "../clients/batch-jobs";
import { ProviderError } from "../clients/errors";
import { type ScoredFile, filesAt, type Stores } from "./score";

/** The files to score: an address, or files here. */
export interface JobInput {
  /** `azureml://…`, `https://…`, the ARM id of a data asset's version, or `azureml:NAME:VERSION`. */
  readonly uri?: string;
  /** Of what is at the address. */
  readonly type?: "uri_folder" | "uri_file";
  /** File or folder to upload, relative to the program's own folder. */
  readonly path?: string;
}

/** What files are of: of an address the address, of files here their content. @throws ProviderError where there are none */
export async function identityOf({ uri, type = "uri_folder", path }: JobInput): Promise<string> {
  return path === undefined ? `${type} ${uri}` : digestOf(await localFiles(path));
}

/** Files that a model without a script does not reach: Azure ML looks into no folder below the input's own. */
export async function nestedIn({ path }: JobInput): Promise<string | undefined> {
  if (path === undefined) return undefined;
  return (await localFiles(path)).find((file) => file.path.includes("/"))?.path;
}

/** @throws ProviderError where there are none */
export async function localFiles(path: string): Promise<readonly LocalFile[]> {
  const files = await readFiles(resolve(path));
  if (files.length === 0) throw new ProviderError({ what: "the folder has no files", where: path });
  return files;
}

/**
 * The input as a job takes it; files here are uploaded first.
 *
 * @param say takes lines of progress
 */
export async function submittedInput(
  stores: Stores,
  workspaceId: string,
  { uri = "", type = "uri_folder", path }: JobInput,
  say: (line: string) => void,
): Promise<BatchInput> {
  if (path === undefined) return { kind: type, uri: assetId(workspaceId, uri) };
  const { uri: uploaded, isFile } = await uploadInput(stores, workspaceId, path, say);
  return { kind: isFile ? "uri_file" : "uri_folder", uri: uploaded };
}

/**
 * Uploads a file or folder to the workspace's blob store, where a job reads it.
 *
 * @param say takes lines of progress
 */
export async function uploadInput(
  { arm, containerClient }: Stores,
  workspaceId: string,
  path: string,
  say: (line: string) => void,
): Promise<{ readonly uri: string; readonly isFile: boolean }> {
  const files = await localFiles(path);
  const { folder, file } = localPlace(path, digestOf(files));
  await uploadToWorkspace(arm, containerClient, workspaceId, folder, files, say);
  return { uri: datastoreUri(workspaceId, `${folder}/${file}`), isFile: file !== "" };
}

/** The files of an input. @throws ProviderError, or storage's error, where they can't be listed from here */
export async function filesOf(
  stores: Stores,
  workspaceId: string,
  { uri }: BatchInput,
): Promise<readonly ScoredFile[]> {
  if (!uri.startsWith("/")) return await filesAt(stores, workspaceId, uri);
  const version = await readVersion(stores.arm, uri);
  const { dataUri } = version?.properties ?? {};
  if (typeof dataUri !== "string")
    throw new ProviderError({ what: "there is no such version of data", where: uri });
  return await filesAt(stores, uri.replace(/\/data\/.*$/i, ""), dataUri);
}

/** `azureml:NAME:VERSION` as the ARM id that it stands for; any other address as it is. */
export function assetId(workspaceId: string, uri: string, collection: "data" | "models" = "data"): string {
  const [, name, version] = /^azureml:([^:/]+):([^:/]+)$/.exec(uri) ?? [];
  return name === undefined ? uri : `${workspaceId}/${collection}/${name}/versions/${version}`;
}
