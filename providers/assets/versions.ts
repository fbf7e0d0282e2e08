import { isDeepStrictEqual } from "node:util";
import { ML_API_VERSION, type Arm } from "../clients/arm";
import { ProviderError } from "../clients/errors";

/** Where a version says what it was made of. */
export const DIGEST_PROPERTY = "pulumi-azureml.digest";

/** A version of a model, of data, of an environment as ARM holds it; `properties` keeps what others wrote into it. */
export interface AssetVersion {
  readonly id: string;
  readonly name: string;
  readonly properties: {
    readonly description?: string;
    readonly tags?: Readonly<Record<string, string>>;
    readonly properties?: Readonly<Record<string, string>>;
    /** What its kind has besides. */
    readonly [definition: string]: unknown;
  };
}

const request = { apiVersion: ML_API_VERSION };

export async function readVersion(arm: Arm, versionId: string): Promise<AssetVersion | undefined> {
  return await arm.read<AssetVersion>(versionId, request);
}

/** Every version of an asset, archived ones too. */
export async function listVersions(arm: Arm, assetId: string): Promise<readonly AssetVersion[]> {
  return await arm.list<AssetVersion>(`${assetId}/versions`, { ...request, query: { listViewType: "All" } });
}

/** Writes a new version; a version is immutable, so one that is already there is refused. */
export async function createVersion(
  arm: Arm,
  versionId: string,
  properties: AssetVersion["properties"],
): Promise<AssetVersion> {
  if ((await readVersion(arm, versionId)) !== undefined)
    throw new ProviderError({
      what: "somebody else has just registered this version",
      where: versionId,
      tryThis: "the same command again: it takes the next version",
    });
  return await arm.put<AssetVersion>(versionId, { ...request, body: { properties } });
}

/**
 * Writes a version's description and tags; everything else of it stays as it is, tags that the program never declared too.
 *
 * @param was the tags that the program declared before
 */
export async function describeVersion(
  arm: Arm,
  versionId: string,
  was: Readonly<Record<string, string>>,
  { description, tags }: { readonly description?: string; readonly tags?: Readonly<Record<string, string>> },
): Promise<void> {
  const version = await readVersion(arm, versionId);
  if (version === undefined)
    throw new ProviderError({
      what: "this version is gone",
      where: versionId,
      tryThis: "`pulumi refresh`, then `pulumi up`",
    });
  const properties = { ...version.properties, provisioningState: undefined };
  const kept = Object.entries(version.properties.tags ?? {}).filter(([key]) => !(key in was));
  const wish = { ...properties, description, tags: { ...Object.fromEntries(kept), ...tags } };
  if (
    isDeepStrictEqual(
      { ...wish },
      {
        ...properties,
        description: version.properties.description ?? undefined,
        tags: version.properties.tags ?? {},
      },
    )
  )
    return;
  await arm.put(versionId, { ...request, body: { properties: wish } });
}

export async function deleteVersion(arm: Arm, versionId: string): Promise<void> {
  await arm.remove(versionId, request);
}
