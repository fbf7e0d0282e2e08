import { type SignedUri, signedAddress } from "./databricks-upload";
import type { Mlflow } from "./mlflow";
import type { Artifact } from "./mlflow-artifacts";
import { hasCode } from "./mlflow-error";
import { openSigned } from "./signed-address";

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
  sign(path: string): Promise<SignedUri | undefined>;
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
          await mlflow.send<{ credential_infos?: readonly SignedUri[] }>(
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
        await mlflow.get<SignedUri>("model-versions/get-signed-download-uri", { name, version, path }),
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
            open: async () => await openSigned(signedAddress(await folder.sign(inner)), inner),
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
