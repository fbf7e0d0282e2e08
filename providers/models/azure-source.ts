import { readVersion, type AssetVersion, DIGEST_PROPERTY } from "../assets/versions";
import { blobDatastore } from "../assets/upload";
import { ML_API_VERSION } from "../clients/arm";
import { ProviderError } from "../clients/errors";
import { type AzureAddress, azureAddress, lastPart, withoutSignature } from "./addresses";
import { aliasTag } from "./aliases";
import { type BlobFolder, blobSource } from "./blob-source";
import type { Clients } from "./clients";
import { lineageOf, sameNames } from "./lineage";
import type { ModelSource } from "./source";

const request = { apiVersion: ML_API_VERSION };
/** Where Azure ML keeps what runs log. */
const ARTIFACTS = "workspaceartifactstore";

type InAzure = Exclude<AzureAddress, { readonly kind: "archive" }>;

/**
 * A model that is in Azure: what a run or job made, a registered version, a folder of blobs.
 *
 * @param workspaceId where addresses that name no workspace are looked up
 */
export function azureSource(
  clients: Clients,
  text: string,
  address: InAzure,
  workspaceId: string | undefined,
): ModelSource {
  const name = address.kind === "version" || address.kind === "alias" ? address.model : lastPart(text);
  const from = { ...clients, text: withoutSignature(text), workspaceId };
  return blobSource(name, async () => await find(from, address));
}

interface From extends Clients {
  readonly text: string;
  readonly workspaceId: string | undefined;
}

async function find(from: From, address: InAzure): Promise<BlobFolder> {
  const { text } = from;
  switch (address.kind) {
    case "blobs": {
      const url = new URL(address.url);
      const [, container = "", ...path] = decodeURIComponent(url.pathname).split("/");
      const prefix = path.filter((part) => part !== "").join("/");
      return {
        container: from.containerAt(`${url.origin}/${container}${url.search}`),
        prefix,
        address: text,
        lineage: { source: text },
      };
    }
    case "datastore": {
      const { workspaceId = workspaceOf(from), datastore, path } = address;
      return await inDatastore(from, workspaceId, datastore, path, { lineage: { source: text } });
    }
    case "run":
      return await madeBy(from, address.runId, `ExperimentRun/dcid.${address.runId}/${address.path}`);
    case "job":
      return await outputOf(from, address);
    case "version":
      return await registeredAs(from, address.homeId ?? workspaceOf(from), address.model, address.version);
    case "alias":
      return await aliased(from, address.model, address.alias);
  }
}

function workspaceOf({ text, workspaceId }: From): string {
  if (workspaceId !== undefined) return workspaceId;
  throw new ProviderError({
    what: "names no workspace, and the target is none",
    where: text,
    tryThis: "the version's ARM id, or an address that begins azureml://subscriptions/",
  });
}

interface Known {
  readonly lineage: BlobFolder["lineage"];
  readonly digest?: string;
}

async function inDatastore(
  { arm, openContainer, text }: From,
  workspaceId: string,
  datastore: string,
  path: string,
  known: Known,
): Promise<BlobFolder> {
  const { account, containerName } = await blobDatastore(arm, workspaceId, datastore);
  return { container: openContainer(account, containerName), prefix: path, address: text, ...known };
}

interface Job {
  /** None of a step of another job. */
  readonly properties?: {
    readonly status?: string;
    readonly properties?: Readonly<Record<string, string>>;
    readonly outputs?: Readonly<Record<string, { readonly uri?: string | null } | null>>;
  };
}

/** What a run logged, which its job, where it has one, tells more about. */
async function madeBy(from: From, runId: string, path: string): Promise<BlobFolder> {
  const workspaceId = workspaceOf(from);
  const job = await from.arm.read<Job>(`${workspaceId}/jobs/${runId}`, request);
  const lineage = lineageOf({ source: from.text, runId, properties: job?.properties?.properties });
  return await inDatastore(from, workspaceId, ARTIFACTS, path, {
    lineage: job === undefined ? lineage : { ...lineage, jobName: runId },
  });
}

async function outputOf(
  from: From,
  { jobName, output, path }: Extract<AzureAddress, { kind: "job" }>,
): Promise<BlobFolder> {
  const workspaceId = workspaceOf(from);
  const job = await from.arm.read<Job>(`${workspaceId}/jobs/${jobName}`, request);
  if (job === undefined) throw new ProviderError({ what: "there is no such job", where: from.text });
  const { status, outputs = {} } = job.properties ?? {};
  if (status !== "Completed")
    throw new ProviderError({
      what: `the job is ${status ?? "not completed"}`,
      where: from.text,
      allowed: "the output of a job that is Completed",
    });
  const lineage = {
    ...lineageOf({ source: from.text, runId: jobName, properties: job.properties?.properties }),
    jobName,
  };
  const uri = outputs[output]?.uri;
  const place = uri ? azureAddress(uri) : undefined;
  if (place?.kind === "datastore") {
    const within = [place.path, path].filter((part) => part !== "").join("/");
    return await inDatastore(from, place.workspaceId ?? workspaceId, place.datastore, within, { lineage });
  }
  // What is logged, and outputs that name no place of their own, are where the service keeps artifacts.
  if (output === "artifacts" || outputs[output] !== undefined) {
    const folder = output === "artifacts" ? path : [output, path].filter((part) => part !== "").join("/");
    return await inDatastore(from, workspaceId, ARTIFACTS, `ExperimentRun/dcid.${jobName}/${folder}`, {
      lineage,
    });
  }
  throw new ProviderError({
    what: `the job has no output "${output}"`,
    where: from.text,
    allowed: ["artifacts", ...Object.keys(outputs)].join(", "),
  });
}

async function registeredAs(from: From, homeId: string, model: string, number: string): Promise<BlobFolder> {
  const version = await readVersion(from.arm, `${homeId}/models/${model}/versions/${number}`);
  if (version === undefined) throw new ProviderError({ what: "there is no such version", where: from.text });
  return await filesOf(from, homeId, model, version);
}

async function aliased(from: From, model: string, alias: string): Promise<BlobFolder> {
  const homeId = workspaceOf(from);
  const versions = await from.arm.list<AssetVersion>(`${homeId}/models/${model}/versions`, request);
  const [version] = versions
    .filter(({ properties }) => aliasTag(alias) in (properties.tags ?? {}))
    .sort((a, b) => Number(b.name) - Number(a.name));
  if (version !== undefined) return await filesOf(from, homeId, model, version);
  throw new ProviderError({
    what: `no version of "${model}" has the alias "${alias}"`,
    where: from.text,
    tryThis: `the tag ${aliasTag(alias)} on the version that is meant: Azure ML has no aliases of its own`,
  });
}

/** Files of a registered version: the same bytes as were registered, by the digest that stands with it. */
async function filesOf(
  from: From,
  homeId: string,
  model: string,
  { id, name, properties }: AssetVersion,
): Promise<BlobFolder> {
  const { properties: notes = {} } = properties;
  const digest = notes[DIGEST_PROPERTY];
  const lineage = { ...lineageOf({ source: id, properties: notes }), ...sameNames(notes) };
  const known = { lineage, ...(digest === undefined ? {} : { digest }) };
  const modelUri = String(properties["modelUri"]);
  if (/\/registries\//i.test(homeId))
    return await inRegistry(from, homeId, model, name, modelUri, { ...known, address: id });
  const place = azureAddress(modelUri);
  if (place?.kind === "datastore") {
    const { workspaceId = homeId, datastore, path } = place;
    return { ...(await inDatastore(from, workspaceId, datastore, path, known)), address: id };
  }
  if (place?.kind === "job") return { ...(await outputOf(from, place)), ...known, address: id };
  throw new ProviderError({ what: `its files are at an address that can't be read: ${modelUri}`, where: id });
}

/** A registry's own store opens by a signature that it gives for the version. */
async function inRegistry(
  { arm, containerAt }: From,
  registryId: string,
  model: string,
  version: string,
  blobUri: string,
  known: Known & { readonly address: string },
): Promise<BlobFolder> {
  const registry = registryId.slice(registryId.lastIndexOf("/") + 1);
  const answer = await arm.post<{
    readonly blobReferenceForConsumption?: { readonly credential?: { readonly sasUri?: string } };
  }>(`${registryId}/datareferences/${model}/versions/${version}`, {
    ...request,
    body: { assetId: `azureml://registries/${registry}/models/${model}/versions/${version}`, blobUri },
  });
  const signed = answer?.blobReferenceForConsumption?.credential?.sasUri;
  if (signed === undefined)
    throw new ProviderError({ what: "the registry gave no way to its files", where: known.address });
  const { origin, search } = new URL(signed);
  const [, container = "", ...path] = decodeURIComponent(new URL(blobUri).pathname).split("/");
  const prefix = path.filter((part) => part !== "").join("/");
  return { container: containerAt(`${origin}/${container}${search}`), prefix, ...known };
}
