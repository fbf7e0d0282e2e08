import type { Readable } from "node:stream";
import { ProviderError } from "./errors";
import type { Mlflow } from "./mlflow";
import { hasCode, MlflowError } from "./mlflow-error";

const ROOT = "api/2.0/mlflow-artifacts/artifacts";

/** A file that an MLflow server keeps. */
export interface Artifact {
  /** Relative to the folder that was listed. */
  readonly path: string;
  /** Bytes. */
  readonly length: number;
  open(): Promise<Readable>;
}

interface Entry {
  readonly path: string;
  readonly is_dir?: boolean;
  readonly file_size?: number | string;
}

/**
 * The path at the server's artifact proxy of `mlflow-artifacts:/7/4f…/artifacts/model`.
 *
 * @throws ProviderError where the server leaves artifacts to its clients
 */
export function artifactPath(mlflow: Mlflow, uri: string): string {
  const [, path] = /^mlflow-artifacts:(?:\/\/[^/]*)?\/+(.*?)\/*$/.exec(uri) ?? [];
  if (path !== undefined) return path;
  throw new ProviderError({
    what: `its artifacts are not with the server but at ${uri.split("?")[0]}`,
    where: mlflow.address,
    allowed: "mlflow-artifacts:/…",
    tryThis:
      "a server that serves artifacts (mlflow server --serve-artifacts), or a download of the model and `path`",
  });
}

/** Every file below the folder, in the order of their paths; none where there is no such folder. @throws MlflowError */
export async function listArtifacts(
  mlflow: Mlflow,
  folder: string,
  within?: AbortSignal,
): Promise<Artifact[]> {
  const found: Artifact[] = [];
  const below = async (path: string): Promise<void> => {
    for (const { path: name, is_dir: isFolder, file_size: size = 0 } of await entries(
      mlflow,
      folder,
      path,
      within,
    )) {
      const inner = path === "" ? name : `${path}/${name}`;
      if (isFolder === true) await below(inner);
      else
        found.push({
          path: inner,
          length: Number(size),
          open: async () => await mlflow.open(`${ROOT}/${encoded(`${folder}/${inner}`)}`),
        });
    }
  };
  await below("");
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** @param body opened again where the request is repeated. @throws MlflowError */
export async function putArtifact(
  mlflow: Mlflow,
  path: string,
  body: () => Readable,
  length: number,
): Promise<void> {
  await mlflow.put(`${ROOT}/${encoded(path)}`, body, length);
}

async function entries(
  mlflow: Mlflow,
  folder: string,
  path: string,
  within: AbortSignal | undefined,
): Promise<readonly Entry[]> {
  const query = { path: path === "" ? folder : `${folder}/${path}` };
  try {
    return (await mlflow.read<{ files?: readonly Entry[] }>(ROOT, query, within)).files ?? [];
  } catch (error) {
    if (hasCode(error, "RESOURCE_DOES_NOT_EXIST") || (error instanceof MlflowError && error.status === 404))
      return [];
    throw error;
  }
}

function encoded(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
