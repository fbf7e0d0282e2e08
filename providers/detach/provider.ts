import type { dynamic } from "@pulumi/pulumi";
import { arm, ML_API_VERSION } from "../clients/arm";
import { changedKeys, checkFailures, withoutProvider } from "../inputs";
import { armId, type Rules } from "../rules";
import type { DetachInputs } from "./types";

const rules: Rules<DetachInputs> = {
  computeId: armId("Microsoft.MachineLearningServices/workspaces/computes"),
};

export async function check(
  _olds: DetachInputs,
  news: DetachInputs,
): Promise<dynamic.CheckResult<DetachInputs>> {
  const inputs = withoutProvider(news);
  return { inputs, failures: checkFailures(rules, inputs) };
}

export async function diff(_id: string, olds: DetachInputs, news: DetachInputs): Promise<dynamic.DiffResult> {
  const replaces = changedKeys(olds, news, ["computeId"]);
  return { changes: replaces.length > 0, replaces, deleteBeforeReplace: false };
}

export async function create(inputs: DetachInputs): Promise<dynamic.CreateResult<DetachInputs>> {
  return { id: inputs.computeId, outs: withoutProvider(inputs) };
}

export async function read(id: string, props?: DetachInputs): Promise<dynamic.ReadResult<DetachInputs>> {
  return props === undefined ? { id: "" } : { id, props: withoutProvider(props) };
}

export async function update(
  _id: string,
  _olds: DetachInputs,
  news: DetachInputs,
): Promise<dynamic.UpdateResult<DetachInputs>> {
  return { outs: withoutProvider(news) };
}

async function deleteResource(_id: string, { computeId }: DetachInputs): Promise<void> {
  await arm().remove(computeId, {
    apiVersion: ML_API_VERSION,
    query: { underlyingResourceAction: "Detach" },
  });
}

export { deleteResource as delete };

export { configure } from "../clients/sign-in-settings";
