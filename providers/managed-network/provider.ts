import type { dynamic } from "@pulumi/pulumi";
import { arm } from "../clients/arm";
import { changedKeys, checkFailures, say, withoutProvider } from "../inputs";
import { armId, type Rules } from "../rules";
import { isProvisioned, provision } from "./provision";
import type { ManagedNetworkInputs } from "./types";

const rules: Rules<ManagedNetworkInputs> = {
  workspaceId: armId("Microsoft.MachineLearningServices/workspaces"),
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
  olds: ManagedNetworkInputs,
  news: ManagedNetworkInputs,
): Promise<dynamic.DiffResult> {
  const replaces = changedKeys(olds, news, ["workspaceId"]);
  return { changes: replaces.length > 0, replaces, deleteBeforeReplace: false };
}

export async function create(
  inputs: ManagedNetworkInputs,
): Promise<dynamic.CreateResult<ManagedNetworkInputs>> {
  await provision(arm(), inputs.workspaceId, say);
  return { id: inputs.workspaceId, outs: withoutProvider(inputs) };
}

/** A network that is not up is gone: the next `up` provisions it. */
export async function read(
  id: string,
  props?: ManagedNetworkInputs,
): Promise<dynamic.ReadResult<ManagedNetworkInputs>> {
  if (!(await isProvisioned(arm(), id))) return { id: "" };
  return { id, props: props === undefined ? { workspaceId: id } : withoutProvider(props) };
}

export async function update(
  _id: string,
  _olds: ManagedNetworkInputs,
  news: ManagedNetworkInputs,
): Promise<dynamic.UpdateResult<ManagedNetworkInputs>> {
  return { outs: withoutProvider(news) };
}

/** The network goes with its workspace; Azure has no other way. */
export async function deleteResource(): Promise<void> {}

export { deleteResource as delete };
