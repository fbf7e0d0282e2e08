import type { dynamic } from "@pulumi/pulumi";
import { isGone, openMlflow } from "../mlflow-place";
import { mlflowServer } from "../mlflow-server-rule";
import { declaredTags } from "../clients/mlflow-tags";
import { tagRecord } from "../clients/mlflow-tracking";
import { changedKeys, checkFailures, present, say, withoutProvider } from "../inputs";
import { armId, oneOf, optional, tags, text, type Rules } from "../rules";
import { change, establish, find, remove } from "./experiment";
import type { ExperimentInputs, ExperimentOutputs } from "./types";

const rules: Rules<ExperimentInputs> = {
  workspaceId: optional(armId("Microsoft.MachineLearningServices/workspaces")),
  server: optional(mlflowServer),
  name: text("a name"),
  tags: optional(tags),
  onDelete: oneOf("retain", "delete"),
};

export async function check(
  _olds: ExperimentInputs,
  news: ExperimentInputs,
): Promise<dynamic.CheckResult<ExperimentInputs>> {
  const inputs = withoutProvider(news);
  return { inputs, failures: checkFailures(rules, inputs) };
}

/** Azure ML renames no experiment. */
export async function diff(
  _id: string,
  olds: ExperimentOutputs,
  news: ExperimentInputs,
): Promise<dynamic.DiffResult> {
  const fixed = news.server === undefined ? (["name"] as const) : [];
  const replaces = [
    ...changedKeys<ExperimentInputs>(olds, news, ["workspaceId", ...fixed]),
    ...(olds.server?.trackingUri === news.server?.trackingUri ? [] : ["server"]),
  ];
  const updates = changedKeys<ExperimentInputs>(olds, news, ["name", "server", "tags", "onDelete"]);
  return { changes: replaces.length + updates.length > 0, replaces, deleteBeforeReplace: false };
}

export async function create(passed: ExperimentInputs): Promise<dynamic.CreateResult<ExperimentOutputs>> {
  const inputs = withoutProvider(passed);
  const made = await establish(await openMlflow(inputs), inputs.name, inputs.tags ?? {}, say);
  return { id: made.experiment_id, outs: { ...inputs, artifactLocation: made.artifact_location } };
}

/** Shows another name and other values of declared tags; tags that others added are theirs. */
export async function read(
  id: string,
  props?: ExperimentOutputs,
): Promise<dynamic.ReadResult<ExperimentOutputs>> {
  if (props === undefined || (await isGone(props))) return { id: "" };
  const live = await find(await openMlflow(props), id);
  if (live === undefined) return { id: "" };
  const { workspaceId, server, tags: declared, onDelete } = props;
  const seen = present({
    workspaceId,
    server,
    name: live.name,
    tags: declared && declaredTags(declared, tagRecord(live.tags)),
    onDelete,
  });
  return {
    id,
    props: { ...seen, artifactLocation: live.artifact_location },
    inputs: seen as ExperimentOutputs,
  };
}

export async function update(
  id: string,
  olds: ExperimentOutputs,
  news: ExperimentInputs,
): Promise<dynamic.UpdateResult<ExperimentOutputs>> {
  const inputs = withoutProvider(news);
  const mlflow = await openMlflow(inputs);
  const live = await change(mlflow, id, inputs.name, olds.tags ?? {}, inputs.tags ?? {}, say);
  return { outs: { ...inputs, artifactLocation: live.artifact_location } };
}

export async function deleteResource(id: string, props: ExperimentOutputs): Promise<void> {
  if (props.onDelete === "delete" && !(await isGone(props))) await remove(await openMlflow(props), id);
}

export { deleteResource as delete };

export { configure } from "../clients/sign-in-settings";
