import { ML_API_VERSION, type Arm } from "../clients/arm";
import { type AssetVersion, DIGEST_PROPERTY } from "../assets/versions";

const request = { apiVersion: ML_API_VERSION };

/** The version registered with that digest (the newest, should there be several), and the number of the one to come. */
export async function findVersion(
  arm: Arm,
  modelId: string,
  digest: string,
): Promise<{ readonly version?: AssetVersion; readonly next: number }> {
  const container = await arm.read<{ properties: { nextVersion?: string } }>(modelId, request);
  if (container === undefined) return { next: 1 };
  // Archived versions hold their numbers too.
  const versions = await arm.list<AssetVersion>(`${modelId}/versions`, {
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
