import { DIGEST_PROPERTY } from "../assets/versions";
import { deadlineIn } from "../clients/deadline";
import { ProviderError } from "../clients/errors";
import type { Mlflow } from "../clients/mlflow";
import { hasCode, MlflowError, unlessMissing } from "../clients/mlflow-error";
import { getModel, getVersion, versionsOf, type MlflowModelVersion } from "../clients/mlflow-registry";
import { tagChanges } from "../clients/mlflow-tags";
import { tagList, tagRecord } from "../clients/mlflow-tracking";
import { lineageNotes, sameNames } from "./lineage";
import { serverAliases } from "./server-aliases";
import type { Lineage } from "./source";
import type { ModelTarget, RegisteredVersion, Uploaded } from "./target";

/** Tags of a version that are this package's own notes. */
const NOTES = "pulumi-azureml.";
/** How often a version is asked for where the answer to the request that makes it was lost. */
const MOST_TRIES = 5;
/** Status of a version whose files its registry could not take. */
const FAILED = "FAILED_REGISTRATION";
/** As long as MLflow's own client waits for a version. */
const READY_MINUTES = 5;
/** Milliseconds between two looks at a version that isn't ready. */
const READY_PAUSE = 1000;

/**
 * A model's versions in an MLflow server's registry, which numbers them itself.
 *
 * @param sameServer whether the lineage's run is one of this server
 */
export function serverVersions(
  mlflow: Mlflow,
  name: string,
  sameServer: boolean,
): Omit<ModelTarget, "upload"> {
  const aliases = serverAliases(mlflow, name);
  const registered = async (live: MlflowModelVersion): Promise<RegisteredVersion> => {
    const { tags, ...rest } = shown(name, live);
    return { ...rest, tags: aliases.without(tags), aliases: await aliases.of(live.version, tags) };
  };

  const find: ModelTarget["find"] = async (digest) => {
    const same = (await versionsOf(mlflow, name)).find(
      ({ status, tags }) => status !== FAILED && tagRecord(tags)[DIGEST_PROPERTY] === digest,
    );
    return same && (await registered(await ready(mlflow, same)));
  };
  const describe: ModelTarget["describe"] = async (id, was, words) => {
    const version = numberOf(id);
    const live = await getVersion(mlflow, name, version);
    if (live === undefined)
      throw new ProviderError({
        what: `this version is gone from ${mlflow.address}`,
        where: id,
        tryThis: "`pulumi refresh`, then `pulumi up`",
      });
    const { description = "" } = words;
    if (description !== (live.description ?? ""))
      await mlflow.send("PATCH", "model-versions/update", { name, version, description });
    const { set, remove } = tagChanges(was.tags, words.tags, tagRecord(live.tags));
    for (const [key, value] of set)
      await mlflow.send("POST", "model-versions/set-tag", { name, version, key, value });
    for (const key of remove)
      await mlflow.send("DELETE", "model-versions/delete-tag", { name, version, key });
    await aliases.take(version, was.aliases, words.aliases);
  };

  return {
    find,
    hasOfRun: async (runId) =>
      (await versionsOf(mlflow, name)).some(
        ({ status, tags }) => status !== FAILED && sameNames(tagRecord(tags)).runId === runId,
      ),
    // Versions that were deleted keep their numbers, and the server shows them no more.
    next: async (within) =>
      String(
        Math.max(0, ...(await versionsOf(mlflow, name, within)).map(({ version }) => Number(version))) + 1,
      ),
    async register(uploaded, words, lineage) {
      await ensureModel(mlflow, name);
      // Whoever registered the same content while the files went up.
      const same = await find(uploaded.digest);
      if (same !== undefined) {
        await describe(same.id, { tags: {}, aliases: [] }, words);
        return same;
      }
      const created = await createVersion(mlflow, {
        name,
        source: uploaded.modelUri,
        run_id: runOf(uploaded, lineage, sameServer),
        description: words.description,
        tags: tagList({ ...words.tags, [DIGEST_PROPERTY]: uploaded.digest, ...lineageNotes(lineage) }),
      });
      const made = await ready(mlflow, created);
      await aliases.take(made.version, [], words.aliases);
      const live = words.aliases.length === 0 ? made : await getVersion(mlflow, name, made.version);
      return await registered(live ?? made);
    },
    async read(id) {
      const live = await getVersion(mlflow, name, numberOf(id));
      return live && (await registered(live));
    },
    describe,
    async remove(id) {
      await unlessMissing(mlflow.send("DELETE", "model-versions/delete", { name, version: numberOf(id) }));
    },
  };
}

/** The run that logged the model, where this server has it; else the one that has the files. */
function runOf({ modelUri, runId }: Uploaded, lineage: Lineage, sameServer: boolean): string | undefined {
  // A folder of the server's own machine has to be one of the run that the version names, and so it is on Databricks.
  const isItsOwn = /^(\/|file:|dbfs:)/.test(modelUri);
  return sameServer && !isItsOwn ? (lineage.runId ?? runId) : runId;
}

interface NewVersion {
  readonly name: string;
  readonly source: string;
  readonly run_id: string | undefined;
  readonly description: string | undefined;
  readonly tags: readonly object[];
}

/** Made once, also where the server's answer is lost: its digest and address are then looked for before it is asked again. */
async function createVersion(mlflow: Mlflow, version: NewVersion): Promise<MlflowModelVersion> {
  for (let tries = 1; ; tries += 1) {
    try {
      return (await mlflow.sendOnce<{ model_version: MlflowModelVersion }>("model-versions/create", version))
        .model_version;
    } catch (error) {
      const refused = error instanceof MlflowError && error.status < 500 && error.status !== 429;
      if (refused || tries === MOST_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** tries));
      const made = (await versionsOf(mlflow, version.name)).find(({ source }) => source === version.source);
      if (made !== undefined) return made;
    }
  }
}

async function ensureModel(mlflow: Mlflow, name: string): Promise<void> {
  if ((await getModel(mlflow, name)) !== undefined) return;
  try {
    await mlflow.send("POST", "registered-models/create", { name });
  } catch (error) {
    if (!hasCode(error, "RESOURCE_ALREADY_EXISTS")) throw error;
  }
}

/**
 * The version once it can be used: Databricks copies the files into its registry first, which takes minutes for large ones.
 *
 * @throws ProviderError where that fails, or isn't done in as long as MLflow's own client waits
 */
async function ready(mlflow: Mlflow, version: MlflowModelVersion): Promise<MlflowModelVersion> {
  const { name } = version;
  let live = version;
  const deadline = deadlineIn(READY_MINUTES);
  while (live.status === "PENDING_REGISTRATION" && (await deadline.sleep(READY_PAUSE)))
    live = (await getVersion(mlflow, name, version.version)) ?? live;
  if (live.status === undefined || live.status === "READY") return live;
  throw new ProviderError({
    what: `the server made the version and has not got its files ready: ${live.status}`,
    where: `models:/${name}/${version.version} on ${mlflow.address}`,
    tryThis: "the same command again, which waits for it or makes another",
  });
}

function shown(name: string, live: MlflowModelVersion): Omit<RegisteredVersion, "aliases"> {
  const { version, source = "", description } = live;
  const tags = tagRecord(live.tags);
  const digest = tags[DIGEST_PROPERTY];
  return {
    id: `models:/${name}/${version}`,
    version,
    modelUri: source,
    ...(digest === undefined ? {} : { digest }),
    ...(description ? { description } : {}),
    tags: Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith(NOTES))),
  };
}

/** The number of `models:/NAME/3`. */
function numberOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
