import type { Mlflow } from "../clients/mlflow";
import { isDatabricks } from "../clients/mlflow-hosts";
import { getModel, getVersion, versionsOf } from "../clients/mlflow-registry";
import { tagRecord } from "../clients/mlflow-tracking";
import { aliasesIn, aliasTag, withoutAliases } from "./aliases";

type Tags = Readonly<Record<string, string>>;

/** The aliases of a model's versions; each leads to one version. */
export interface ServerAliases {
  /** @throws MlflowError */
  of(version: string, tags: Tags): Promise<readonly string[]>;
  /** Lets the wanted ones lead to a version, and those that it was given before and that are wanted no more not. @throws MlflowError */
  take(version: string, was: readonly string[], wanted: readonly string[]): Promise<void>;
  /** The tags of a version that are no aliases. */
  without(tags: Tags): Record<string, string>;
}

export function serverAliases(mlflow: Mlflow, name: string): ServerAliases {
  return isDatabricks(mlflow.address) ? aliasesByTags(mlflow, name) : ownAliases(mlflow, name);
}

/** How a registry has aliases. */
interface Ways {
  /** The version's now. */
  live(version: string): Promise<readonly string[]>;
  give(version: string, alias: string): Promise<unknown>;
  revoke(version: string, alias: string): Promise<unknown>;
}

function takeBy({ live, give, revoke }: Ways): ServerAliases["take"] {
  return async (version, was, wanted) => {
    if (wanted.length + was.length === 0) return;
    const there = await live(version);
    for (const alias of wanted.filter((one) => !there.includes(one))) await give(version, alias);
    for (const alias of was.filter((one) => !wanted.includes(one) && there.includes(one)))
      await revoke(version, alias);
  };
}

/** The registry's own, which are the model's. */
function ownAliases(mlflow: Mlflow, name: string): ServerAliases {
  const of = async (version: string): Promise<readonly string[]> =>
    ((await getModel(mlflow, name))?.aliases ?? [])
      .filter((one) => one.version === version)
      .map(({ alias }) => alias);
  return {
    of,
    take: takeBy({
      live: of,
      give: async (version, alias) =>
        await mlflow.send("POST", "registered-models/alias", { name, alias, version }),
      revoke: async (_version, alias) =>
        await mlflow.send("DELETE", "registered-models/alias", { name, alias }),
    }),
    without: (tags) => ({ ...tags }),
  };
}

/** A Databricks workspace's registry has none: a tag stands for each, as it does in Azure ML. */
function aliasesByTags(mlflow: Mlflow, name: string): ServerAliases {
  const revoke = async (version: string, alias: string): Promise<void> =>
    await mlflow.send("DELETE", "model-versions/delete-tag", { name, version, key: aliasTag(alias) });
  const take = takeBy({
    live: async (version) => aliasesIn(tagRecord((await getVersion(mlflow, name, version))?.tags)),
    give: async (version, alias) =>
      await mlflow.send("POST", "model-versions/set-tag", {
        name,
        version,
        key: aliasTag(alias),
        value: "true",
      }),
    revoke,
  });
  return {
    of: async (_version, tags) => aliasesIn(tags),
    async take(version, was, wanted) {
      await take(version, was, wanted);
      if (wanted.length + was.length === 0) return;
      for (const other of await versionsOf(mlflow, name))
        if (other.version !== version)
          for (const alias of aliasesIn(tagRecord(other.tags)).filter((one) => wanted.includes(one)))
            await revoke(other.version, alias);
    },
    without: withoutAliases,
  };
}
