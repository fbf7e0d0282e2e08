import { DIGEST_PROPERTY, readVersion, type AssetVersion } from "../assets/versions";
import { ML_API_VERSION, type Arm } from "../clients/arm";
import { versionIdOf, workspaceIdOf } from "../clients/arm-id";
import { ProviderError } from "../clients/errors";
import { tagRecord, type MlflowDatasetInput, type MlflowRun } from "../clients/mlflow-tracking";
import { aliasesIn } from "../models/aliases";
import { gitCommitOf } from "../models/lineage";
import { writable } from "../online-endpoint/merge";
import { readEndpoint } from "../online-endpoint/write";
import { byShare } from "./figures";
import { computeDigest, type ModelFolder } from "./files";
import { folderOf, readRun, runIdOf } from "./run";
import type { Link, Served } from "./types";

interface LiveDeployment {
  readonly name: string;
  readonly properties: { readonly provisioningState: string; readonly model?: string };
}

/** What an endpoint's traffic is answered by, down to the data, each link asked for where a service can be. @throws ProviderError, ArmError */
export async function whatServes(arm: Arm, endpointId: string): Promise<readonly Served[]> {
  const endpoint = await readEndpoint(arm, endpointId);
  if (endpoint === undefined)
    throw new ProviderError({ what: "there is no such endpoint, or not for who asks", where: endpointId });
  const { traffic = {} } = writable(endpoint).properties;
  const deployments = await arm.list<LiveDeployment>(`${endpointId}/deployments`, {
    apiVersion: ML_API_VERSION,
  });
  return await Promise.all(
    byShare(traffic).map(async (name) => ({
      deployment: name,
      traffic: traffic[name] ?? 0,
      links: await linksOf(
        arm,
        endpointId,
        name,
        deployments.find((one) => one.name === name),
      ),
    })),
  );
}

async function linksOf(
  arm: Arm,
  endpointId: string,
  name: string,
  deployment: LiveDeployment | undefined,
): Promise<Link[]> {
  const workspaceId = workspaceIdOf(endpointId);
  const links = [deploymentLink(name, deployment)];
  const model = deployment?.properties.model;
  const versionId = model === undefined ? undefined : versionIdOf(workspaceId, model);
  if (model === undefined || versionId === undefined)
    return [
      ...links,
      {
        what: "model",
        value: model ?? "",
        proof: model === undefined ? "missing" : "recorded",
        how: "it is none of the workspace's registered ones",
      },
    ];
  const version = await readVersion(arm, versionId);
  const value = versionId
    .split("/")
    .slice(-3)
    .filter((part) => part !== "versions")
    .join(":");
  if (version === undefined)
    return [
      ...links,
      { what: "model", value, proof: "broken", how: "the workspace has no such version any more" },
    ];
  const aliases = aliasesIn(version.properties.tags ?? {});
  const how = ["the workspace has this version", ...aliases.map((alias) => `alias ${alias}`)].join(", ");
  const folder = await folderOf(arm, workspaceId, version);
  const runId = await runIdOf(version, folder);
  return [
    ...links,
    { what: "model", value, proof: "verified", how },
    await digestLink(version, folder),
    ...(await runLinks(arm, workspaceId, runId)),
  ];
}

function deploymentLink(name: string, deployment: LiveDeployment | undefined): Link {
  const state = deployment?.properties.provisioningState;
  return {
    what: "deployment",
    value: name,
    proof: state === "Succeeded" ? "verified" : "broken",
    how: state === undefined ? "the endpoint has no such deployment" : `Azure says ${state}`,
  };
}

async function digestLink({ properties }: AssetVersion, folder: ModelFolder | string): Promise<Link> {
  const value = properties.properties?.[DIGEST_PROPERTY] ?? "";
  if (value === "")
    return { what: "digest", value, proof: "missing", how: "this package has not registered the version" };
  if (typeof folder === "string") return { what: "digest", value, proof: "recorded", how: folder };
  try {
    const now = await computeDigest(folder);
    if (now === undefined)
      return { what: "digest", value, proof: "recorded", how: "there are too many bytes to read them all" };
    return now === value
      ? { what: "digest", value, proof: "verified", how: "computed again of the files in the store" }
      : { what: "digest", value, proof: "broken", how: `the files in the store have ${now}` };
  } catch (error) {
    return {
      what: "digest",
      value,
      proof: "recorded",
      how: `the files can't be read: ${(error as Error).message}`,
    };
  }
}

async function runLinks(arm: Arm, workspaceId: string, runId: string | undefined): Promise<Link[]> {
  if (runId === undefined)
    return [
      { what: "run", value: "", proof: "missing", how: "neither the version nor its MLmodel names one" },
    ];
  let run: MlflowRun | undefined;
  try {
    run = await readRun(arm, workspaceId, runId);
  } catch (error) {
    return [{ what: "run", value: runId, proof: "recorded", how: (error as Error).message }];
  }
  if (run === undefined)
    return [
      {
        what: "run",
        value: runId,
        proof: "recorded",
        how: "this workspace's MLflow has no such run: it was tracked elsewhere, or deleted",
      },
    ];
  return [
    { what: "run", value: runId, proof: "verified", how: `MLflow says ${run.info.status}` },
    commitLink(run),
    ...(await dataLinks(arm, workspaceId, run)),
  ];
}

/** A commit is nothing that Azure could be asked for. */
function commitLink({ data }: MlflowRun): Link {
  const value = gitCommitOf(tagRecord(data.tags));
  return value === undefined
    ? { what: "commit", value: "", proof: "missing", how: "the run has no tag mlflow.source.git.commit" }
    : { what: "commit", value, proof: "recorded", how: "by the run's tag; no repository was asked" };
}

async function dataLinks(arm: Arm, workspaceId: string, { inputs }: MlflowRun): Promise<Link[]> {
  const all = inputs?.dataset_inputs ?? [];
  if (all.length === 0)
    return [{ what: "data", value: "", proof: "missing", how: "the run logged no input (mlflow.log_input)" }];
  return await Promise.all(all.map(async (one) => await dataLink(arm, workspaceId, one)));
}

async function dataLink(arm: Arm, workspaceId: string, { dataset }: MlflowDatasetInput): Promise<Link> {
  const value = `${dataset.name} ${dataset.digest}`;
  const id = dataVersionIdOf(workspaceId, dataset.source ?? "");
  if (id === undefined)
    return {
      what: "data",
      value,
      proof: "recorded",
      how: "by the run; it is no data asset of the workspace",
    };
  const version = await readVersion(arm, id);
  const name = id
    .split("/")
    .slice(-3)
    .filter((part) => part !== "versions")
    .join(":");
  return version === undefined
    ? { what: "data", value, proof: "broken", how: `the workspace has no data asset ${name} any more` }
    : { what: "data", value, proof: "verified", how: `the workspace has data asset ${name}` };
}

/** ARM id of the data asset that a dataset's source names, as `azureml:NAME:VERSION` or as `…/data/NAME/versions/VERSION`. */
export function dataVersionIdOf(workspaceId: string, source: string): string | undefined {
  const [, name, version] =
    /azureml:([\w.-]+):([\w.-]+)/.exec(source) ?? /\/data\/([\w.-]+)\/versions\/([\w.-]+)/.exec(source) ?? [];
  return name === undefined ? undefined : `${workspaceId}/data/${name}/versions/${version}`;
}
