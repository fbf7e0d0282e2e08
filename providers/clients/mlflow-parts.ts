import type { Mlflow } from "./mlflow";
import { MlflowError } from "./mlflow-error";

const ROOT = "api/2.0/mlflow-artifacts/mpu";

/** Where a part goes: an address with a signature. */
export interface PartAddress {
  readonly url: string;
  /** From 1 on. */
  readonly part_number: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A part that the store has. */
export interface SentPart {
  readonly part_number: number;
  readonly etag: string;
  readonly url: string;
}

/** A file whose parts are on their way to the store. */
export interface PartUpload {
  readonly parts: readonly PartAddress[];
  /** Puts them together: before that there is no file. @throws MlflowError */
  complete(parts: readonly SentPart[]): Promise<void>;
  abort(): Promise<void>;
}

interface Begun {
  readonly upload_id?: string;
  readonly credentials?: readonly PartAddress[];
}

/**
 * Asks where the parts of a file go.
 *
 * @param path at the server's artifact proxy
 * @returns undefined where the server's store takes files whole. @throws MlflowError
 */
export async function beginParts(
  mlflow: Mlflow,
  path: string,
  count: number,
): Promise<PartUpload | undefined> {
  const [name = "", ...folders] = path.split("/").reverse();
  const folder = folders.reverse().map(encodeURIComponent).join("/");
  const begun = await unlessRefused(
    mlflow.post<Begun>(`${ROOT}/create/${folder}`, { path: name, num_parts: count }),
  );
  if (begun?.credentials?.length !== count) return undefined;
  const upload = { path: name, upload_id: begun.upload_id };
  return {
    parts: begun.credentials,
    complete: async (parts) => void (await mlflow.post(`${ROOT}/complete/${folder}`, { ...upload, parts })),
    abort: async () => void (await mlflow.post(`${ROOT}/abort/${folder}`, upload)),
  };
}

/** 501 where the store has no parts, 404 where the server has no such address. */
async function unlessRefused<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof MlflowError && (error.status === 501 || error.status === 404)) return undefined;
    throw error;
  }
}
