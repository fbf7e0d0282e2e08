import { basename, resolve } from "node:path";
import { ML_API_VERSION, type Arm } from "../clients/arm";
import { workspaceParts } from "../clients/arm-id";
import type { containerClient } from "../clients/blob";
import { deadlineIn } from "../clients/deadline";
import { ProviderError } from "../clients/errors";
import { digestOf, readModelFiles } from "./digest";
import { createVersion, describeVersion, DIGEST_PROPERTY, findVersion, type ModelVersion } from "./registry";
import type { MlflowModelInputs, MlflowModelOutputs } from "./types";
import { uploadFiles } from "./upload";

/** Azure ML's name of the datastore that every workspace has. */
const DATASTORE = "workspaceblobstore";
/** Role assignments take effect within ten minutes. */
const UPLOAD_MINUTES = 60;

interface BlobDatastore {
  readonly properties: {
    readonly accountName: string;
    readonly containerName: string;
    readonly endpoint?: string;
    readonly protocol?: string;
  };
}

/**
 * Registers the folder's content as a version of the model: the version that has this content, or else the next one, uploaded first.
 *
 * @param say takes lines of progress
 * @returns the version's ARM id and what the state holds of it
 */
export async function register(
  arm: Arm,
  openContainer: typeof containerClient,
  inputs: MlflowModelInputs,
  say: (line: string) => void,
): Promise<{ readonly id: string; readonly outs: MlflowModelOutputs }> {
  const folder = resolve(inputs.path);
  const files = await readModelFiles(folder);
  const digest = digestOf(files);
  if (inputs.digest !== undefined && inputs.digest !== digest)
    throw new ProviderError({
      what: "the folder changed while the command ran",
      where: inputs.path,
      tryThis: "the same command again, when nothing writes into the folder",
    });
  const modelId = `${inputs.workspaceId}/models/${inputs.name}`;
  const found = await findVersion(arm, modelId, digest);
  if (found.version !== undefined) {
    await describeVersion(arm, found.version.id, {}, inputs);
    return outputsOf(inputs, digest, found.version);
  }

  const datastore = await readDatastore(arm, inputs.workspaceId);
  const {
    accountName,
    containerName,
    endpoint = "core.windows.net",
    protocol = "https",
  } = datastore.properties;
  const container = openContainer(`${protocol}://${accountName}.blob.${endpoint}`, containerName);
  await uploadFiles(container, `${uploadPath(inputs, digest)}/`, files, deadlineIn(UPLOAD_MINUTES), say);
  const version = await createVersion(
    arm,
    `${modelId}/versions/${found.next}`,
    versionProperties(inputs, digest),
  );
  return outputsOf(inputs, digest, version);
}

/** What a new version is registered with. */
export function versionProperties(inputs: MlflowModelInputs, digest: string): ModelVersion["properties"] {
  return {
    modelType: "mlflow_model",
    modelUri: datastoreUri(inputs.workspaceId, uploadPath(inputs, digest)),
    ...(inputs.description === undefined ? {} : { description: inputs.description }),
    tags: inputs.tags ?? {},
    properties: { [DIGEST_PROPERTY]: digest },
  };
}

/** Where the files go in the datastore. */
function uploadPath({ path }: MlflowModelInputs, digest: string): string {
  return `LocalUpload/${digest}/${basename(resolve(path))}`;
}

async function readDatastore(arm: Arm, workspaceId: string): Promise<BlobDatastore> {
  const datastore = await arm.read<BlobDatastore>(`${workspaceId}/datastores/${DATASTORE}`, {
    apiVersion: ML_API_VERSION,
  });
  if (datastore === undefined)
    throw new ProviderError({ what: `there is no datastore ${DATASTORE}`, where: workspaceId });
  return datastore;
}

function datastoreUri(workspaceId: string, path: string): string {
  const { subscriptionId, resourceGroupName, workspaceName } = workspaceParts(workspaceId);
  return (
    `azureml://subscriptions/${subscriptionId}/resourcegroups/${resourceGroupName}` +
    `/workspaces/${workspaceName}/datastores/${DATASTORE}/paths/${path}`
  );
}

function outputsOf(
  inputs: MlflowModelInputs,
  digest: string,
  { id, name, properties }: ModelVersion,
): { readonly id: string; readonly outs: MlflowModelOutputs } {
  return { id, outs: { ...inputs, digest, version: name, modelUri: properties.modelUri ?? "" } };
}
