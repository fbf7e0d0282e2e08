import { createHash } from "node:crypto";
import type { AssetFile } from "../assets/files";
import { ProviderError } from "../clients/errors";
import type { Mlflow } from "../clients/mlflow";
import { isDatabricks } from "../clients/mlflow-hosts";
import { MlflowError } from "../clients/mlflow-error";
import {
  downloadUriOf,
  getVersion,
  versionByAlias,
  versionsOf,
  type MlflowModelVersion,
} from "../clients/mlflow-registry";
import { getRun, tagRecord } from "../clients/mlflow-tracking";
import { artifactPlace } from "./artifact-place";
import { lineageOf } from "./lineage";
import { MODEL, RUN, SERVER_ADDRESSES } from "./server-addresses";
import type { Lineage, ModelSource } from "./source";

/** A model found on a server. */
interface Found {
  /** `mlflow-artifacts:/…` */
  readonly uri: string;
  /** With an alias exchanged for its version. */
  readonly address: string;
  /** Whether the files at the address stay as they are. */
  readonly fixed: boolean;
  readonly lineage: Lineage;
}

/**
 * A model on an MLflow server; its files are read as they are sent on, none of them kept on this machine.
 *
 * @throws ProviderError where the text is no address of a model
 */
export function serverSource(open: () => Mlflow, text: string): ModelSource {
  const [, run, path] = RUN.exec(text) ?? [];
  const [, name, how, wanted] = MODEL.exec(text) ?? [];
  if (run === undefined && name === undefined)
    throw new ProviderError({ what: "is no address of a model", where: text, allowed: SERVER_ADDRESSES });
  let found: Promise<Found> | undefined;
  let listed: Promise<readonly AssetFile[]> | undefined;
  const find = async (within?: AbortSignal): Promise<Found> =>
    await (found ??=
      run === undefined
        ? registered(open(), text, String(name), how === "@", String(wanted), within)
        : logged(open(), text, run, String(path), within));
  const files = async (within?: AbortSignal): Promise<readonly AssetFile[]> =>
    await (listed ??= filesOf(open(), text, (await find(within)).uri, within));
  return {
    folderName: name ?? String(path).slice(String(path).lastIndexOf("/") + 1),
    async identify(within) {
      const { address, fixed } = await find(within);
      if (fixed) return { address };
      const listing = (await files(within)).map(({ path: file, length }) => `${length} ${file}\n`).join("");
      return { address: `${address}#${createHash("sha256").update(listing).digest("hex")}` };
    },
    files: async () => await files(),
    lineage: async () => (await find()).lineage,
  };
}

async function filesOf(
  mlflow: Mlflow,
  text: string,
  uri: string,
  within: AbortSignal | undefined,
): Promise<readonly AssetFile[]> {
  const files = await artifactPlace(mlflow, uri).list(within);
  if (files.length === 0) throw missing(text, mlflow, "there are no files");
  return files;
}

async function registered(
  mlflow: Mlflow,
  text: string,
  name: string,
  isAlias: boolean,
  wanted: string,
  within: AbortSignal | undefined,
): Promise<Found> {
  const version = await versionOf(mlflow, name, isAlias, wanted, within);
  if (version === undefined) throw missing(text, mlflow, "there is no such version");
  const { run_id: runId } = version;
  const run = runId ? await getRun(mlflow, runId, within) : undefined;
  const source = `models:/${name}/${version.version}`;
  return {
    // Databricks gives a version's files out by its name alone.
    uri: isDatabricks(mlflow.address) ? source : await downloadUriOf(mlflow, name, version.version, within),
    address: `${mlflow.address} ${source}`,
    fixed: true,
    lineage: lineageOf({
      source,
      ...(runId ? { runId } : {}),
      properties: { ...tagRecord(run?.data.tags), ...tagRecord(version.tags) },
    }),
  };
}

async function versionOf(
  mlflow: Mlflow,
  name: string,
  isAlias: boolean,
  wanted: string,
  within: AbortSignal | undefined,
): Promise<MlflowModelVersion | undefined> {
  if (isAlias) return await versionByAlias(mlflow, name, wanted, within);
  if (wanted === "latest") return (await versionsOf(mlflow, name, within))[0];
  return await getVersion(mlflow, name, wanted, within);
}

interface LoggedModel {
  readonly info: { readonly source_run_id?: string; readonly artifact_uri: string };
}

async function logged(
  mlflow: Mlflow,
  text: string,
  runId: string,
  path: string,
  within: AbortSignal | undefined,
): Promise<Found> {
  const run = await getRun(mlflow, runId, within);
  if (run === undefined) throw missing(text, mlflow, "there is no such run");
  const [name = "", ...below] = path.split("/");
  const inRun = `${run.info.artifact_uri}/${path}`;
  const listed = await artifactPlace(mlflow, inRun).list(within);
  // MLflow 3 keeps models beside the run that logged them.
  const model =
    listed.length > 0 ? undefined : await loggedModel(mlflow, run.info.experiment_id, runId, name);
  return {
    uri: model === undefined ? inRun : [model.info.artifact_uri, ...below].join("/"),
    address: `${mlflow.address} runs:/${runId}/${path}`,
    fixed: false,
    lineage: lineageOf({ source: text, runId, properties: tagRecord(run.data.tags) }),
  };
}

async function loggedModel(
  mlflow: Mlflow,
  experimentId: string,
  runId: string,
  name: string,
): Promise<LoggedModel | undefined> {
  try {
    const found = await mlflow.send<{ models?: readonly LoggedModel[] }>("POST", "logged-models/search", {
      experiment_ids: [experimentId],
      filter: `name = '${name.replaceAll("'", "")}'`,
    });
    return found.models?.find(({ info }) => info.source_run_id === runId);
  } catch (error) {
    // MLflow 2 has no such address.
    if (error instanceof MlflowError && error.status === 404) return undefined;
    throw error;
  }
}

function missing(text: string, mlflow: Mlflow, what: string): ProviderError {
  return new ProviderError({ what: `${what} on ${mlflow.address}`, where: text });
}
