import type { dynamic } from "@pulumi/pulumi";
import { arm } from "../clients/arm";
import { changedKeys, checkFailures, say, withoutProvider } from "../inputs";
import { armId, recordOf, rule, text, type Rules } from "../rules";
import { isProvisioned, provision } from "./provision";
import { keepRules, removedRules } from "./rules";
import type { ManagedNetworkInputs, ManagedNetworkOutputs } from "./types";

const rules: Rules<ManagedNetworkInputs> = {
  workspaceId: armId("Microsoft.MachineLearningServices/workspaces"),
  rules: recordOf(rule((value) => typeof value === "object" && value !== null, "an object")),
  workspace: text("text"),
};

export async function check(
  _olds: ManagedNetworkInputs,
  news: ManagedNetworkInputs,
): Promise<dynamic.CheckResult<ManagedNetworkInputs>> {
  const inputs = withoutProvider(news);
  return { inputs, failures: checkFailures(rules, inputs) };
}

export async function diff(
  _id: string,
  olds: ManagedNetworkOutputs,
  news: ManagedNetworkInputs,
): Promise<dynamic.DiffResult> {
  const replaces = changedKeys<ManagedNetworkInputs>(olds, news, ["workspaceId"]);
  const updates = changedKeys<ManagedNetworkInputs>(olds, news, ["rules", "workspace"]);
  return { changes: replaces.length + updates.length > 0, replaces, deleteBeforeReplace: false };
}

export async function create(
  inputs: ManagedNetworkInputs,
): Promise<dynamic.CreateResult<ManagedNetworkOutputs>> {
  await provision(arm(), inputs.workspaceId, say);
  return { id: inputs.workspaceId, outs: { ...withoutProvider(inputs), removed: [] } };
}

/** A network that is not up is gone: the next `up` provisions it. */
export async function read(
  id: string,
  props?: ManagedNetworkOutputs,
): Promise<dynamic.ReadResult<ManagedNetworkOutputs>> {
  if (props === undefined || !(await isProvisioned(arm(), id))) return { id: "" };
  return { id, props: withoutProvider(props) };
}

/** The workspace or its rules have just been written: puts the rules right, and the network up. */
export async function update(
  _id: string,
  olds: ManagedNetworkOutputs,
  news: ManagedNetworkInputs,
): Promise<dynamic.UpdateResult<ManagedNetworkOutputs>> {
  const inputs = withoutProvider(news);
  const removed = removedRules(olds, inputs);
  await keepRules(arm(), inputs, removed, say);
  await provision(arm(), inputs.workspaceId, say);
  return { outs: { ...inputs, removed } };
}

/** The network goes with its workspace; Azure has no other way. */
export async function deleteResource(): Promise<void> {}

export { deleteResource as delete };

export { configure } from "../clients/sign-in-settings";
