import {
  createDefaultHttpClient,
  createPipelineFromOptions,
  createPipelineRequest,
} from "@azure/core-rest-pipeline";
import type { Readable } from "node:stream";
import { ProviderError } from "./errors";
import { openStream, type Mlflow } from "./mlflow";
import type { Artifact } from "./mlflow-artifacts";
import { hasCode } from "./mlflow-error";

/** Where a file may be read for some minutes, as Databricks gives it: an address with a signature, and headers to send along. */
interface SignedAddress {
  readonly signed_uri?: string;
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
}

interface Listing {
  readonly files?: readonly {
    readonly path: string;
    readonly is_dir?: boolean;
    readonly file_size?: number | string;
  }[];
  readonly next_page_token?: string;
}

/** The two requests by which Databricks gives out the files of one thing. */
interface Folder {
  /** Lists a folder; paths are those of the thing, not of the folder. */
  list(path: string, token: Readonly<Record<string, string>>, within?: AbortSignal): Promise<Listing>;
  sign(path: string): Promise<SignedAddress | undefined>;
}

/**
 * What a run on Databricks logged, below a folder of its artifacts.
 *
 * @param path `model`
 */
export async function listRunArtifacts(
  mlflow: Mlflow,
  runId: string,
  path: string,
  within?: AbortSignal,
): Promise<Artifact[]> {
  return await listFolder(
    {
      list: async (folder, token, signal) =>
        await mlflow.get("artifacts/list", { run_id: runId, path: folder, ...token }, signal),
      sign: async (file) =>
        (
          await mlflow.send<{ credential_infos?: readonly SignedAddress[] }>(
            "POST",
            "artifacts/credentials-for-read",
            { run_id: runId, path: [file] },
          )
        ).credential_infos?.[0],
    },
    path,
    within,
  );
}

/** The files of a version in a Databricks workspace's own registry; Unity Catalog has other ways. */
export async function listVersionArtifacts(
  mlflow: Mlflow,
  name: string,
  version: string,
  within?: AbortSignal,
): Promise<Artifact[]> {
  return await listFolder(
    {
      list: async (path, token, signal) =>
        await mlflow.get("model-versions/list-artifacts", { name, version, path, ...token }, signal),
      sign: async (path) =>
        await mlflow.get<SignedAddress>("model-versions/get-signed-download-uri", { name, version, path }),
    },
    "",
    within,
  );
}

async function listFolder(folder: Folder, root: string, within?: AbortSignal): Promise<Artifact[]> {
  const found: Artifact[] = [];
  const start = root === "" ? "" : `${root}/`;
  const below = async (path: string): Promise<void> => {
    for (let token: string | undefined = ""; token !== undefined;) {
      const page: Listing = await folder.list(path, token === "" ? {} : { page_token: token }, within);
      for (const { path: inner, is_dir: isFolder, file_size: size = 0 } of page.files ?? []) {
        if (isFolder === true) await below(inner);
        // A file is listed as its own only entry.
        else if (inner.startsWith(start))
          found.push({
            path: inner.slice(start.length),
            length: Number(size),
            open: async () => await openSigned(await folder.sign(inner), inner),
          });
      }
      token = page.next_page_token || undefined;
    }
  };
  try {
    await below(root);
  } catch (error) {
    if (hasCode(error, "RESOURCE_DOES_NOT_EXIST")) return [];
    throw error;
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The store's own answer; who is signed in to Databricks stays unknown to it. */
async function openSigned(signed: SignedAddress | undefined, where: string): Promise<Readable> {
  const { signed_uri: url, headers = [] } = signed ?? {};
  if (url === undefined || !url.startsWith("https://"))
    throw new ProviderError({
      what: "Databricks gave no address to read it at",
      where,
      allowed: "https://…",
    });
  const request = createPipelineRequest({ url });
  for (const { name, value } of headers) request.headers.set(name, value);
  const pipeline = createPipelineFromOptions({ redirectOptions: { maxRetries: 0 } });
  return await openStream((one) => pipeline.sendRequest(createDefaultHttpClient(), one), request);
}
