import { ProviderError } from "./errors";
import type { Mlflow } from "./mlflow";
import type { SignedAddress } from "./signed-address";

/** A signed address as Databricks gives it. */
export interface SignedUri {
  readonly signed_uri?: string;
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
}

/** What takes files at an address that Databricks gave: each store has its own requests. */
export type StoreKind = "AZURE_SAS_URI" | "AZURE_ADLS_GEN2_SAS_URI" | "AWS_PRESIGNED_URL";

const STORES: readonly string[] = [
  "AZURE_SAS_URI",
  "AZURE_ADLS_GEN2_SAS_URI",
  "AWS_PRESIGNED_URL",
] satisfies readonly StoreKind[];

/** A file of a run on Databricks. */
export interface RunFile {
  readonly runId: string;
  /** From the run's artifacts on, `model/MLmodel`. */
  readonly path: string;
}

/** The address, as every store is asked at it. */
export function signedAddress(signed: SignedUri | undefined): SignedAddress | undefined {
  const { signed_uri: url, headers = [] } = signed ?? {};
  return url === undefined
    ? undefined
    : { url, headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])) };
}

/** Where a file of a run may be written for some minutes. @throws MlflowError, and ProviderError for a store that is not known here */
export async function writeAddress(
  mlflow: Mlflow,
  { runId, path }: RunFile,
): Promise<{ readonly kind: StoreKind; readonly address: SignedAddress }> {
  const { credential_infos: [given] = [] } = await mlflow.send<{
    credential_infos?: readonly (SignedUri & { readonly type?: string })[];
  }>("POST", "artifacts/credentials-for-write", { run_id: runId, path: [path] });
  const { type = "" } = given ?? {};
  const address = signedAddress(given);
  if (address === undefined || !STORES.includes(type))
    throw new ProviderError({
      what: `Databricks would have the file written by ${type || "no address at all"}, which this package doesn't know`,
      where: path,
      allowed: STORES.join(", "),
    });
  return { kind: type as StoreKind, address };
}

/** A file whose parts are on their way to S3. */
export interface S3Upload {
  /** By the part's number less one. */
  readonly parts: readonly SignedAddress[];
  /** Where a DELETE takes back what has arrived. */
  readonly abort: SignedAddress | undefined;
  /** Another address for a part, where the first has run out. @throws MlflowError */
  renew(partNumber: number): Promise<SignedAddress | undefined>;
  /** Puts the parts together: before that there is no file. @throws MlflowError */
  complete(etags: readonly string[]): Promise<void>;
}

/** @throws MlflowError */
export async function beginS3Upload(
  mlflow: Mlflow,
  { runId, path }: RunFile,
  count: number,
): Promise<S3Upload> {
  const file = { run_id: runId, path };
  const begun = await mlflow.send<{
    upload_id?: string;
    upload_credential_infos?: readonly SignedUri[];
    abort_credential_info?: SignedUri;
  }>("POST", "artifacts/create-multipart-upload", { ...file, num_parts: count });
  const { upload_id = "", upload_credential_infos: parts = [], abort_credential_info: abort } = begun;
  return {
    parts: parts.map(signedAddress).filter((part) => part !== undefined),
    abort: signedAddress(abort),
    async renew(partNumber) {
      const query = { ...file, upload_id, part_number: partNumber };
      const { upload_credential_info: part } = await mlflow.get<{ upload_credential_info?: SignedUri }>(
        "artifacts/get-presigned-upload-part-url",
        query,
      );
      return signedAddress(part);
    },
    async complete(etags) {
      const part_etags = etags.map((etag, index) => ({ part_number: index + 1, etag }));
      await mlflow.send("POST", "artifacts/complete-multipart-upload", { ...file, upload_id, part_etags });
    },
  };
}
