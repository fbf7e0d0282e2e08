import { describeVersion, listVersions, readVersion } from "../assets/versions";
import type { Arm } from "../clients/arm";
import { present } from "../inputs";

/** Azure ML has no aliases: a tag stands for each. */
const ALIAS = "alias.";

type Tags = Readonly<Record<string, string>>;

/** The name of the tag that stands for it. */
export function aliasTag(alias: string): string {
  return `${ALIAS}${alias}`;
}

export function aliasTags(aliases: readonly string[]): Record<string, string> {
  return Object.fromEntries(aliases.map((alias) => [aliasTag(alias), "true"]));
}

export function aliasesIn(tags: Tags): string[] {
  return Object.keys(tags).flatMap((key) => (key.startsWith(ALIAS) ? [key.slice(ALIAS.length)] : []));
}

export function withoutAliases(tags: Tags): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith(ALIAS)));
}

/** Lets an alias lead to a version. @returns whether it did not before. @throws ProviderError where the version is gone; ArmError */
export async function giveAlias(arm: Arm, versionId: string, alias: string): Promise<boolean> {
  const { description, tags = {} } = (await readVersion(arm, versionId))?.properties ?? {};
  if (aliasTag(alias) in tags) return false;
  await describeVersion(arm, versionId, {}, present({ description, tags: aliasTags([alias]) }));
  return true;
}

/** Takes aliases from every version of a model but one, if that is its. @throws ArmError */
export async function takeAliases(
  arm: Arm,
  modelId: string,
  aliases: readonly string[],
  keptId?: string,
): Promise<void> {
  const names = aliases.map(aliasTag);
  if (names.length === 0) return;
  for (const { id, properties } of await listVersions(arm, modelId)) {
    const taken = names.filter((name) => name in (properties.tags ?? {}));
    if (id.toLowerCase() === keptId?.toLowerCase() || taken.length === 0) continue;
    const was = Object.fromEntries(taken.map((name) => [name, ""]));
    await describeVersion(arm, id, was, present({ description: properties.description, tags: {} }));
  }
}
