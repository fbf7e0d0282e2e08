import { isDeepStrictEqual } from "node:util";
import { ML_API_VERSION, type Arm } from "../clients/arm";
import { ProviderError } from "../clients/errors";

/** Where a version says what it was made of. */
export const DIGEST_PROPERTY = "pulumi-azureml.digest";

/** A model version as ARM holds it; `properties` keeps what others wrote into it. */
export interface ModelVersion {
  readonly id: string;
  readonly name: string;
  readonly properties: {
    readonly modelUri?: string;
    readonly modelType?: string;
    readonly description?: string;
    readonly tags?: Readonly<Record<string, string>>;
    readonly properties?: Readonly<Record<string, string>>;
  };
}

const request = { apiVersion: ML_API_VERSION };

/** The version registered with that digest (the newest, should there be several), and the number of the one to come. */
export async function findVersion(
  arm: Arm,
  modelId: string,
  digest: string,
): Promise<{ readonly version?: ModelVersion; readonly next: number }> {
  const container = await arm.read<{ properties: { nextVersion?: string } }>(modelId, request);
  if (container === undefined) return { next: 1 };
  // Archived versions hold their numbers too.
  const versions = await arm.list<ModelVersion>(`${modelId}/versions`, {
    ...request,
    query: { listViewType: "All" },
  });
  const numbered = versions
    .map((version) => ({ version, number: Number(version.name) }))
    .filter(({ number }) => Number.isInteger(number))
    .sort((a, b) => b.number - a.number);
  const same = numbered.find(({ version }) => version.properties.properties?.[DIGEST_PROPERTY] === digest);
  // Azure counts deleted versions as well: a number is never used twice.
  const announced = Number(container.properties.nextVersion ?? 1);
  return {
    ...(same === undefined ? {} : { version: same.version }),
    next: Math.max((numbered[0]?.number ?? 0) + 1, Number.isInteger(announced) ? announced : 1),
  };
}

export async function readVersion(arm: Arm, versionId: string): Promise<ModelVersion | undefined> {
  return await arm.read<ModelVersion>(versionId, request);
}

/** Writes a new version; a version is immutable, so one that is already there is refused. */
export async function createVersion(
  arm: Arm,
  versionId: string,
  properties: ModelVersion["properties"],
): Promise<ModelVersion> {
  if ((await readVersion(arm, versionId)) !== undefined)
    throw new ProviderError({
      what: "somebody else has just registered this version",
      where: versionId,
      tryThis: "the same command again: it takes the next version",
    });
  return await arm.put<ModelVersion>(versionId, { ...request, body: { properties } });
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
      what: "this model version is gone",
      where: versionId,
      tryThis: "`pulumi refresh`, then `pulumi up`",
    });
  const properties = { ...version.properties, provisioningState: undefined };
  const kept = Object.entries(version.properties.tags ?? {}).filter(([key]) => !(key in was));
  const wish = { ...properties, description, tags: { ...Object.fromEntries(kept), ...tags } };
  if (
    isDeepStrictEqual(
      { ...wish },
      { ...properties, description: version.properties.description, tags: version.properties.tags ?? {} },
    )
  )
    return;
  await arm.put(versionId, { ...request, body: { properties: wish } });
}

export async function deleteVersion(arm: Arm, versionId: string): Promise<void> {
  await arm.remove(versionId, request);
}
