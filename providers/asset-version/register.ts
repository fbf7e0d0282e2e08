import { type LocalPlace, localPlace } from "../assets/local-place";
import { datastoreUri, uploadToWorkspace } from "../assets/upload";
import {
  type AssetVersion,
  createVersion,
  describeVersion,
  DIGEST_PROPERTY,
  readVersion,
} from "../assets/versions";
import type { Arm } from "../clients/arm";
import type { containerClient } from "../clients/blob";
import { ProviderError } from "../clients/errors";
import { contentOf, versionId, versionOf } from "./content";
import type { AssetVersionInputs, AssetVersionOutputs } from "./types";

/**
 * Registers the content as a version, its files uploaded first; a version of this content that is there already is taken on.
 *
 * @param say takes lines of progress
 */
export async function register(
  arm: Arm,
  openContainer: typeof containerClient,
  inputs: AssetVersionInputs,
  say: (line: string) => void,
): Promise<{ readonly id: string; readonly outs: AssetVersionOutputs }> {
  const { files, filesDigest, digest } = await contentOf(inputs);
  if (inputs.digest !== undefined && inputs.digest !== digest)
    throw new ProviderError({
      what: "the files changed while the command ran",
      where: inputs.path ?? inputs.name,
      tryThis: "the same command again, when nothing writes into them",
    });
  const version = versionOf(digest);
  const id = versionId(inputs, version);
  const outs = { ...inputs, digest, version };
  if ((await readVersion(arm, id)) !== undefined) {
    await describeVersion(arm, id, {}, inputs);
    return { id, outs };
  }
  const { path, workspaceId } = inputs;
  const place = path === undefined ? undefined : localPlace(path, filesDigest);
  const uploaded =
    place === undefined
      ? undefined
      : await uploadToWorkspace(arm, openContainer, workspaceId, place.folder, files, say);
  await createVersion(
    arm,
    id,
    versionProperties(inputs, digest, place && { ...place, blobUri: uploaded?.blobUri ?? "" }),
  );
  return { id, outs };
}

/** What a new version is registered with. */
export function versionProperties(
  { workspaceId, collection, definition, description, tags }: AssetVersionInputs,
  digest: string,
  uploaded?: LocalPlace & { readonly blobUri: string },
): AssetVersion["properties"] {
  return {
    ...definition,
    ...(uploaded === undefined ? {} : addressOf(workspaceId, collection, definition, uploaded)),
    ...(description === undefined ? {} : { description }),
    tags: tags ?? {},
    properties: { [DIGEST_PROPERTY]: digest },
  };
}

/** A build context and code are named as blob storage does, data as Azure ML does; a folder ends in a slash, but for code. */
function addressOf(
  workspaceId: string,
  collection: AssetVersionInputs["collection"],
  { build }: AssetVersionInputs["definition"],
  { folder, file, blobUri }: LocalPlace & { readonly blobUri: string },
): object {
  if (collection === "environments") return { build: { ...(build as object), contextUri: `${blobUri}/` } };
  if (collection === "codes") return { codeUri: blobUri };
  return { dataUri: datastoreUri(workspaceId, `${folder}/${file}`) };
}
