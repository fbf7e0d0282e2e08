import type { Mlflow } from "./mlflow";
import { unlessMissing } from "./mlflow-error";
import type { MlflowTag } from "./mlflow-tracking";

export interface MlflowRegisteredModel {
  readonly name: string;
  readonly description?: string;
  readonly tags?: readonly MlflowTag[];
  readonly aliases?: readonly { readonly alias: string; readonly version: string }[];
}

export interface MlflowModelVersion {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly source?: string;
  readonly run_id?: string;
  /** `READY`, once it can be used. */
  readonly status?: string;
  readonly tags?: readonly MlflowTag[];
}

interface Versioned {
  readonly model_version: MlflowModelVersion;
}

/** @throws MlflowError */
export async function getModel(mlflow: Mlflow, name: string): Promise<MlflowRegisteredModel | undefined> {
  const found = await unlessMissing(
    mlflow.get<{ registered_model: MlflowRegisteredModel }>("registered-models/get", { name }),
  );
  return found?.registered_model;
}

/** @throws MlflowError */
export async function getVersion(
  mlflow: Mlflow,
  name: string,
  version: string,
  within?: AbortSignal,
): Promise<MlflowModelVersion | undefined> {
  const found = await unlessMissing(mlflow.get<Versioned>("model-versions/get", { name, version }, within));
  return found?.model_version;
}

/** @returns undefined where the model has no such alias. @throws MlflowError */
export async function versionByAlias(
  mlflow: Mlflow,
  name: string,
  alias: string,
  within?: AbortSignal,
): Promise<MlflowModelVersion | undefined> {
  try {
    return (await mlflow.get<Versioned>("registered-models/alias", { name, alias }, within)).model_version;
  } catch (error) {
    // A model without this alias is answered as a wrong argument.
    if (isMissingAlias(error)) return undefined;
    throw error;
  }
}

/** Every version of a model, the newest first. @throws MlflowError */
export async function versionsOf(
  mlflow: Mlflow,
  name: string,
  within?: AbortSignal,
): Promise<MlflowModelVersion[]> {
  // MLflow's filters have no escape: the other quotation mark stands around a name with one.
  const mark = name.includes("'") ? '"' : "'";
  const filter = `name=${mark}${name}${mark}`;
  const found = await mlflow.list<MlflowModelVersion>(
    "model-versions/search",
    { filter, max_results: 200 },
    "model_versions",
    within,
  );
  return found.sort((a, b) => Number(b.version) - Number(a.version));
}

/** Where a version's files are, `mlflow-artifacts:/…`. @throws MlflowError */
export async function downloadUriOf(
  mlflow: Mlflow,
  name: string,
  version: string,
  within?: AbortSignal,
): Promise<string> {
  const query = { name, version };
  return (await mlflow.get<{ artifact_uri: string }>("model-versions/get-download-uri", query, within))
    .artifact_uri;
}

function isMissingAlias(error: unknown): boolean {
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return code === "RESOURCE_DOES_NOT_EXIST" || code === "INVALID_PARAMETER_VALUE";
}
