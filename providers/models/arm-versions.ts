import {
  type AssetVersion,
  deleteVersion,
  describeVersion,
  DIGEST_PROPERTY,
  listVersions,
  readVersion,
} from "../assets/versions";
import { type Arm, ML_API_VERSION } from "../clients/arm";
import { ArmError } from "../clients/arm-error";
import { ProviderError } from "../clients/errors";
import { aliasesIn, aliasTags, takeAliases, withoutAliases } from "./aliases";
import { lineageNotes, sameNames } from "./lineage";
import type { Lineage } from "./source";
import type { ModelTarget, RegisteredVersion, Uploaded, VersionWords } from "./target";

const request = { apiVersion: ML_API_VERSION };
/** How many numbers are tried while others register versions of the same model. */
const MOST_TRIES = 20;

/** Where Azure ML differs between a workspace and a registry: not here. */
export type ArmVersions = Omit<ModelTarget, "upload">;

/**
 * A model's versions in Azure Resource Manager.
 *
 * @param modelId ARM id of the model in a workspace or a registry, whether it is there or not
 */
export function armVersions(arm: Arm, modelId: string, modelType: string): ArmVersions {
  const numbered = async (): Promise<readonly AssetVersion[]> => {
    // Archived versions hold their numbers too.
    const versions = await listVersions(arm, modelId);
    return versions
      .filter(({ name }) => Number.isInteger(Number(name)))
      .sort((a, b) => Number(b.name) - Number(a.name));
  };
  const container = async (): Promise<Container | undefined> => await arm.read<Container>(modelId, request);
  const nextNumber = async (): Promise<number> => {
    const model = await container();
    if (model === undefined) return 1;
    const [newest] = await numbered();
    // Azure counts deleted versions as well: a number is never used twice.
    const announced = Number(model.properties.nextVersion ?? 1);
    return Math.max(Number(newest?.name ?? 0) + 1, Number.isInteger(announced) ? announced : 1);
  };

  const find = async (digest: string): Promise<RegisteredVersion | undefined> => {
    if ((await container()) === undefined) return undefined;
    const same = (await numbered()).find(
      ({ properties }) => properties.properties?.[DIGEST_PROPERTY] === digest,
    );
    return same && registered(same);
  };
  const describe: ArmVersions["describe"] = async (id, was, words) => {
    const tags = { ...words.tags, ...aliasTags(words.aliases) };
    await describeVersion(arm, id, { ...was.tags, ...aliasTags(was.aliases) }, { ...words, tags });
    await takeAliases(arm, modelId, words.aliases, id);
  };

  return {
    find,
    hasOfRun: async (runId) =>
      (await container()) !== undefined &&
      (await numbered()).some(({ properties }) => sameNames(properties.properties ?? {}).runId === runId),
    next: async () => String(await nextNumber()),
    async register(uploaded, words, lineage) {
      const body = { properties: versionProperties(modelType, uploaded, words, lineage) };
      let number = await nextNumber();
      // Whoever registered the same content while the files went up has either a number below, or takes this one.
      const same = await find(uploaded.digest);
      if (same !== undefined) {
        await describe(same.id, { tags: {}, aliases: [] }, words);
        return same;
      }
      for (let tries = 0; tries < MOST_TRIES; tries += 1, number += 1) {
        const id = `${modelId}/versions/${number}`;
        const there = await readVersion(arm, id);
        if (there === undefined) await putUnlessTaken(arm, id, body);
        const version = await readVersion(arm, id);
        // Of two who write one number Azure keeps the first's files; the other takes the next.
        if (version?.properties.properties?.[DIGEST_PROPERTY] === uploaded.digest) {
          await takeAliases(arm, modelId, words.aliases, id);
          return registered(version);
        }
      }
      throw new ProviderError({
        what: `others register versions all the time: ${MOST_TRIES} numbers up to ${number - 1} were taken`,
        where: modelId,
        tryThis: "the same command again: what is uploaded stays",
      });
    },
    async read(id) {
      const version = await readVersion(arm, id);
      return version && registered(version);
    },
    describe,
    remove: async (id) => await deleteVersion(arm, id),
  };
}

interface Container {
  readonly properties: { readonly nextVersion?: string };
}

/** What a new version is registered with. */
export function versionProperties(
  modelType: string,
  { digest, modelUri }: Uploaded,
  { description, tags, aliases }: VersionWords,
  lineage: Lineage,
): AssetVersion["properties"] {
  return {
    modelType,
    modelUri,
    ...(description === undefined ? {} : { description }),
    tags: { ...tags, ...aliasTags(aliases) },
    properties: { [DIGEST_PROPERTY]: digest, ...lineageNotes(lineage) },
  };
}

/** Azure refuses other files for a version that is there. */
async function putUnlessTaken(arm: Arm, id: string, body: object): Promise<void> {
  try {
    await arm.put<AssetVersion>(id, { ...request, body });
  } catch (error) {
    const refused = error instanceof ArmError && error.status >= 400 && error.status < 500;
    if (!refused || (await readVersion(arm, id)) === undefined) throw error;
  }
}

function registered({ id, name, properties }: AssetVersion): RegisteredVersion {
  const { description, tags = {}, properties: notes = {} } = properties;
  return {
    id,
    version: name,
    modelUri: String(properties["modelUri"]),
    ...(notes[DIGEST_PROPERTY] === undefined ? {} : { digest: notes[DIGEST_PROPERTY] }),
    ...(description ? { description } : {}),
    tags: withoutAliases(tags),
    aliases: aliasesIn(tags),
  };
}
