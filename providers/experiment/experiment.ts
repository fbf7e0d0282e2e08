import { ProviderError } from "../clients/errors";
import type { Mlflow } from "../clients/mlflow";
import { hasCode, MlflowError } from "../clients/mlflow-error";
import { tagChanges } from "../clients/mlflow-tags";
import {
  experimentNamed,
  getExperiment,
  tagList,
  tagRecord,
  type MlflowExperiment,
} from "../clients/mlflow-tracking";

type Tags = Readonly<Record<string, string>>;
type Say = (line: string) => void;

/**
 * The experiment of this name: made, or the one that is there (training makes it where nobody did), or brought back where it was deleted,
 * which keeps its name taken.
 */
export async function establish(
  mlflow: Mlflow,
  name: string,
  tags: Tags,
  say: Say,
): Promise<MlflowExperiment> {
  const there = (await experimentNamed(mlflow, name)) ?? (await make(mlflow, name, tags));
  const id = there.experiment_id;
  if (there.lifecycle_stage === "deleted") {
    await mlflow.send("POST", "experiments/restore", { experiment_id: id });
    say(`experiment "${name}": was deleted, and is restored with its runs`);
  }
  await writeTags(mlflow, there, {}, tags, say);
  return there;
}

async function make(mlflow: Mlflow, name: string, tags: Tags): Promise<MlflowExperiment> {
  try {
    await mlflow.send("POST", "experiments/create", { name, tags: tagList(tags) });
  } catch (error) {
    // Somebody was faster, or the answer to an earlier try was lost.
    if (!hasCode(error, "RESOURCE_ALREADY_EXISTS")) throw error;
  }
  const made = await experimentNamed(mlflow, name);
  if (made === undefined)
    throw new ProviderError({ what: "the server made the experiment and doesn't show it", where: name });
  return made;
}

/** @returns undefined where it is deleted */
export async function find(mlflow: Mlflow, id: string): Promise<MlflowExperiment | undefined> {
  const found = await getExperiment(mlflow, id);
  return found?.lifecycle_stage === "deleted" ? undefined : found;
}

/** Renames, and writes the declared tags. */
export async function change(
  mlflow: Mlflow,
  id: string,
  name: string,
  was: Tags,
  tags: Tags,
  say: Say,
): Promise<MlflowExperiment> {
  const live = await find(mlflow, id);
  if (live === undefined)
    throw new ProviderError({
      what: `there is no such experiment on ${mlflow.address} any more`,
      where: name,
      tryThis: "pulumi refresh, then the same command again",
    });
  if (live.name !== name)
    await mlflow.send("POST", "experiments/update", { experiment_id: id, new_name: name });
  await writeTags(mlflow, live, was, tags, say);
  return live;
}

/** Hides it with its runs, as MLflow deletes; what isn't there is deleted. */
export async function remove(mlflow: Mlflow, id: string): Promise<void> {
  if ((await find(mlflow, id)) !== undefined)
    await mlflow.send("POST", "experiments/delete", { experiment_id: id });
}

async function writeTags(
  mlflow: Mlflow,
  { experiment_id, name, tags: live }: MlflowExperiment,
  was: Tags,
  tags: Tags,
  say: Say,
): Promise<void> {
  const { set, remove: gone } = tagChanges(was, tags, tagRecord(live));
  for (const [key, value] of set)
    await mlflow.send("POST", "experiments/set-experiment-tag", { experiment_id, key, value });
  for (const key of gone) {
    try {
      await mlflow.send("POST", "experiments/delete-experiment-tag", { experiment_id, key });
    } catch (error) {
      // MLflow 2 has no such address at all.
      if (!(error instanceof MlflowError && error.status === 404 && error.code === "")) throw error;
      say(`experiment "${name}": keeps the tag "${key}", which this server can't take away: MLflow 3 can`);
    }
  }
}
