import { ProviderError } from "../clients/errors";
import type { Mlflow } from "../clients/mlflow";
import { hasCode, unlessMissing } from "../clients/mlflow-error";
import { getModel, versionsOf, type MlflowRegisteredModel } from "../clients/mlflow-registry";
import { tagChanges } from "../clients/mlflow-tags";
import { tagList, tagRecord } from "../clients/mlflow-tracking";

/** What a program says of a model. */
export interface ModelWords {
  readonly description?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** The model of this name: made, or the one that is there (registering a version makes it where nobody did). */
export async function establish(mlflow: Mlflow, name: string, words: ModelWords): Promise<void> {
  const there = await getModel(mlflow, name);
  if (there !== undefined) return await describe(mlflow, there, {}, words);
  try {
    await mlflow.send("POST", "registered-models/create", {
      name,
      ...(words.description === undefined ? {} : { description: words.description }),
      tags: tagList(words.tags),
    });
  } catch (error) {
    // Somebody was faster, or the answer to an earlier try was lost.
    if (!hasCode(error, "RESOURCE_ALREADY_EXISTS")) throw error;
    const made = await getModel(mlflow, name);
    if (made !== undefined) await describe(mlflow, made, {}, words);
  }
}

/** Renames, and writes description and declared tags. */
export async function change(
  mlflow: Mlflow,
  oldName: string,
  name: string,
  was: ModelWords,
  words: ModelWords,
): Promise<void> {
  let live = await getModel(mlflow, oldName);
  if (live !== undefined && name !== oldName)
    await mlflow.send("POST", "registered-models/rename", { name: oldName, new_name: name });
  // An earlier update may have renamed it and failed after that.
  live = await getModel(mlflow, name);
  if (live === undefined)
    throw new ProviderError({
      what: `there is no such registered model on ${mlflow.address} any more`,
      where: oldName,
      tryThis: "pulumi refresh, then the same command again",
    });
  await describe(mlflow, live, was, words);
}

/** Deletes it with every version; what isn't there is deleted. Azure ML deletes versions alone, and shows a model without any no longer. */
export async function remove(mlflow: Mlflow, name: string): Promise<void> {
  if ((await getModel(mlflow, name)) === undefined) return;
  if (!mlflow.azure) {
    await unlessMissing(mlflow.send("DELETE", "registered-models/delete", { name }));
    return;
  }
  for (const { version } of await versionsOf(mlflow, name))
    await unlessMissing(mlflow.send("DELETE", "model-versions/delete", { name, version }));
}

async function describe(
  mlflow: Mlflow,
  { name, description = "", tags: live }: MlflowRegisteredModel,
  was: ModelWords,
  words: ModelWords,
): Promise<void> {
  const wanted = words.description ?? (was.description === undefined ? description : "");
  if (wanted !== description)
    await mlflow.send("PATCH", "registered-models/update", { name, description: wanted });
  const { set, remove: gone } = tagChanges(was.tags ?? {}, words.tags ?? {}, tagRecord(live));
  for (const [key, value] of set)
    await mlflow.send("POST", "registered-models/set-tag", { name, key, value });
  for (const key of gone) await mlflow.send("DELETE", "registered-models/delete-tag", { name, key });
}
