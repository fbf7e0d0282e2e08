import type { dynamic } from "@pulumi/pulumi";
import { isGone, openMlflow } from "../mlflow-place";
import { mlflowServer } from "../mlflow-server-rule";
import { getModel } from "../clients/mlflow-registry";
import { declaredTags } from "../clients/mlflow-tags";
import { tagRecord } from "../clients/mlflow-tracking";
import { changedKeys, checkFailures, present, withoutProvider } from "../inputs";
import { armId, oneOf, optional, tags, text, type Rules } from "../rules";
import { change, establish, remove } from "./model";
import type { RegisteredModelInputs } from "./types";

const rules: Rules<RegisteredModelInputs> = {
  workspaceId: optional(armId("Microsoft.MachineLearningServices/workspaces")),
  server: optional(mlflowServer),
  name: text("a name"),
  description: optional(text("text", /^/)),
  tags: optional(tags),
  onDelete: oneOf("retain", "delete"),
};

export async function check(
  _olds: RegisteredModelInputs,
  news: RegisteredModelInputs,
): Promise<dynamic.CheckResult<RegisteredModelInputs>> {
  const inputs = withoutProvider(news);
  return { inputs, failures: checkFailures(rules, inputs) };
}

/** Azure ML renames no registered model. */
export async function diff(
  _id: string,
  olds: RegisteredModelInputs,
  news: RegisteredModelInputs,
): Promise<dynamic.DiffResult> {
  const fixed = news.server === undefined ? (["name"] as const) : [];
  const replaces = [
    ...changedKeys<RegisteredModelInputs>(olds, news, ["workspaceId", ...fixed]),
    ...(olds.server?.trackingUri === news.server?.trackingUri ? [] : ["server"]),
  ];
  const updates = changedKeys<RegisteredModelInputs>(olds, news, [
    "name",
    "server",
    "description",
    "tags",
    "onDelete",
  ]);
  return { changes: replaces.length + updates.length > 0, replaces, deleteBeforeReplace: false };
}

export async function create(
  passed: RegisteredModelInputs,
): Promise<dynamic.CreateResult<RegisteredModelInputs>> {
  const inputs = withoutProvider(passed);
  await establish(await openMlflow(inputs), inputs.name, inputs);
  return { id: inputs.name, outs: inputs };
}

/** Shows another description and other values of declared tags; tags that others added are theirs. */
export async function read(
  id: string,
  props?: RegisteredModelInputs,
): Promise<dynamic.ReadResult<RegisteredModelInputs>> {
  if (props === undefined || (await isGone(props))) return { id: "" };
  const inputs = withoutProvider(props);
  const live = await getModel(await openMlflow(inputs), inputs.name);
  if (live === undefined) return { id: "" };
  const seen = present({
    ...inputs,
    description: inputs.description === undefined ? undefined : (live.description ?? ""),
    tags: inputs.tags && declaredTags(inputs.tags, tagRecord(live.tags)),
  }) as RegisteredModelInputs;
  return { id, props: seen, inputs: seen };
}

export async function update(
  _id: string,
  olds: RegisteredModelInputs,
  news: RegisteredModelInputs,
): Promise<dynamic.UpdateResult<RegisteredModelInputs>> {
  const inputs = withoutProvider(news);
  await change(await openMlflow(inputs), olds.name, inputs.name, olds, inputs);
  return { outs: inputs };
}

export async function deleteResource(_id: string, props: RegisteredModelInputs): Promise<void> {
  if (props.onDelete === "delete" && !(await isGone(props)))
    await remove(await openMlflow(props), props.name);
}

export { deleteResource as delete };

export { configure } from "../clients/sign-in-settings";
