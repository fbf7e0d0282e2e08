import type { dynamic } from "@pulumi/pulumi";
import { arm } from "../clients/arm";
import { changedKeys, checkFailures, withoutProvider } from "../inputs";
import { oneOf, rule, UNKNOWN, type Rules } from "../rules";
import { isPurgeable, purge } from "./purge";
import type { PurgeInputs } from "./types";

const rules: Rules<PurgeInputs> = {
  targetId: rule(
    (value) => typeof value === "string" && (value === UNKNOWN || isPurgeable(value)),
    "the ARM id of a Machine Learning or Log Analytics workspace or of a deleted Key Vault",
  ),
  onDelete: oneOf("softDelete", "purge"),
};

export async function check(
  _olds: PurgeInputs,
  news: PurgeInputs,
): Promise<dynamic.CheckResult<PurgeInputs>> {
  const inputs = withoutProvider(news);
  return { inputs, failures: checkFailures(rules, inputs) };
}

export async function diff(_id: string, olds: PurgeInputs, news: PurgeInputs): Promise<dynamic.DiffResult> {
  const replaces = changedKeys(olds, news, ["targetId"]);
  const updates = changedKeys(olds, news, ["onDelete"]);
  return { changes: replaces.length + updates.length > 0, replaces, deleteBeforeReplace: false };
}

export async function create(inputs: PurgeInputs): Promise<dynamic.CreateResult<PurgeInputs>> {
  return { id: inputs.targetId, outs: withoutProvider(inputs) };
}

export async function read(id: string, props?: PurgeInputs): Promise<dynamic.ReadResult<PurgeInputs>> {
  return props === undefined ? { id: "" } : { id, props: withoutProvider(props) };
}

export async function update(
  _id: string,
  _olds: PurgeInputs,
  news: PurgeInputs,
): Promise<dynamic.UpdateResult<PurgeInputs>> {
  return { outs: withoutProvider(news) };
}

export async function deleteResource(_id: string, props: PurgeInputs): Promise<void> {
  if (props.onDelete === "purge") await purge(arm(), props.targetId);
}

export { deleteResource as delete };

export { configure } from "../clients/sign-in-settings";
