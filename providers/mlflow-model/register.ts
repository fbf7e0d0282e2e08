import { basename, resolve } from "node:path";
import { digestOf, readFolder } from "../assets/files";
import { datastoreUri, uploadToWorkspace } from "../assets/upload";
import { type AssetVersion, createVersion, describeVersion, DIGEST_PROPERTY } from "../assets/versions";
import type { Arm } from "../clients/arm";
import type { containerClient } from "../clients/blob";
import { ProviderError } from "../clients/errors";
import { findVersion } from "./registry";
import type { MlflowModelInputs, MlflowModelOutputs } from "./types";

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
  const files = await readFolder(folder);
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

  await uploadToWorkspace(arm, openContainer, inputs.workspaceId, uploadPath(inputs, digest), files, say);
  const version = await createVersion(
    arm,
    `${modelId}/versions/${found.next}`,
    versionProperties(inputs, digest),
  );
  return outputsOf(inputs, digest, version);
}

/** What a new version is registered with. */
export function versionProperties(inputs: MlflowModelInputs, digest: string): AssetVersion["properties"] {
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

function outputsOf(
  inputs: MlflowModelInputs,
  digest: string,
  { id, name, properties }: AssetVersion,
): { readonly id: string; readonly outs: MlflowModelOutputs } {
  return { id, outs: { ...inputs, digest, version: name, modelUri: String(properties["modelUri"]) } };
}
