import type { dynamic } from "@pulumi/pulumi";
import { arm } from "../clients/arm";
import { createBatchJobs } from "../clients/batch-jobs";
import { containerClient } from "../clients/blob";
import { ProviderError } from "../clients/errors";
import { openRunHistory } from "../clients/run-history";
import { quickly } from "../generations/quickly";
import { changedKeys, checkFailures, say, withoutProvider } from "../inputs";
import { armId, flag, integer, objectOf, oneOf, optional, text, UNKNOWN, type Rules } from "../rules";
import { readTarget } from "./deployment";
import { identityOf, type JobInput } from "../jobs/input";
import { ended, refuseNested, run, type RunClients } from "./run";
import type { BatchRunInputs, BatchRunOutputs } from "./types";

const rules: Rules<BatchRunInputs> = {
  endpointId: armId("Microsoft.MachineLearningServices/workspaces/batchEndpoints"),
  deployment: optional(text("the name of a deployment")),
  input: objectOf<JobInput>({
    uri: optional(text("an address")),
    type: optional(oneOf("uri_folder", "uri_file")),
    path: optional(text("the path of a file or folder")),
  }),
  outputUri: optional(text("the address of a folder")),
  rerun: optional(text("text", /^/)),
  wait: flag(),
  deadlineSeconds: integer(1, Number.MAX_SAFE_INTEGER),
  onDestroy: oneOf("cancel", "leave"),
  inputDigest: optional(text("a digest")),
  deploymentDigest: optional(text("a digest")),
};

function clients(): RunClients {
  const azure = arm();
  return {
    arm: azure,
    containerClient,
    jobs: createBatchJobs(azure),
    history: async (workspaceId) => await openRunHistory(azure, workspaceId),
    say,
  };
}

/** Puts in what the input and the deployment are, so that the preview already knows whether there will be another run. */
export async function check(
  olds: Partial<BatchRunInputs>,
  news: BatchRunInputs,
): Promise<dynamic.CheckResult<BatchRunInputs>> {
  const inputs = withoutProvider(news);
  const failures = checkFailures(rules, inputs);
  if (failures.length > 0) return { inputs, failures };
  try {
    const inputDigest = JSON.stringify(inputs.input).includes(UNKNOWN)
      ? UNKNOWN
      : await identityOf(inputs.input);
    const known = { ...inputs, inputDigest };
    return { inputs: { ...known, ...(await deploymentOf(olds, known)) } };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { inputs, failures: [{ property: "input", reason: error.message }] };
  }
}

/** The live deployment's digest; where it can't be read now, the one of the last run, so that nothing is run for that alone. */
async function deploymentOf(
  olds: Partial<BatchRunInputs>,
  inputs: BatchRunInputs,
): Promise<Pick<BatchRunInputs, "deploymentDigest">> {
  const { endpointId, deployment } = inputs;
  if (endpointId === UNKNOWN || deployment === UNKNOWN) return { deploymentDigest: UNKNOWN };
  const target = await quickly(readTarget(arm(), endpointId, deployment)).catch((error: unknown) => {
    say(`the deployment can't be looked at now: ${(error as Error).message}`);
    return undefined;
  });
  if (target === undefined)
    return olds.deploymentDigest === undefined ? {} : { deploymentDigest: olds.deploymentDigest };
  if (inputs.inputDigest !== UNKNOWN) await refuseNested(inputs, target);
  return { deploymentDigest: target.digest };
}

/** Another input or deployment is another run; the last one's job goes as `onDestroy` says. */
export async function diff(
  _id: string,
  olds: BatchRunOutputs,
  news: BatchRunInputs,
): Promise<dynamic.DiffResult> {
  const seen = news.deploymentDigest === undefined ? [] : (["deploymentDigest"] as const);
  const replaces = changedKeys<BatchRunInputs>(olds, news, [
    "endpointId",
    "inputDigest",
    ...seen,
    "outputUri",
    "rerun",
  ]);
  const updates = changedKeys<BatchRunInputs>(olds, news, ["wait", "deadlineSeconds", "onDestroy"]);
  return { changes: replaces.length + updates.length > 0, replaces, deleteBeforeReplace: false };
}

export async function create(passed: BatchRunInputs): Promise<dynamic.CreateResult<BatchRunOutputs>> {
  return await run(clients(), withoutProvider(passed));
}

/** Shows how far the job is, and what it has left. */
export async function read(
  id: string,
  props?: BatchRunOutputs,
): Promise<dynamic.ReadResult<BatchRunOutputs>> {
  const all = clients();
  const job = await all.jobs.read(id);
  if (job === undefined || props === undefined) return { id: "" };
  const outs = withoutProvider(props);
  const declared = Object.fromEntries(Object.entries(outs).filter(([key]) => key in rules));
  const inputs = declared as unknown as BatchRunOutputs;
  if (job.status === outs.status) return { id, props: outs, inputs };
  return { id, props: { ...(await ended(all, { ...outs, wait: false }, job)), wait: outs.wait }, inputs };
}

/** Waits now, where that is what changed. */
export async function update(
  id: string,
  olds: BatchRunOutputs,
  news: BatchRunInputs,
): Promise<dynamic.UpdateResult<BatchRunOutputs>> {
  const all = clients();
  const outs = { ...withoutProvider(olds), ...withoutProvider(news) };
  const job = await all.jobs.read(id);
  return { outs: job === undefined ? outs : await ended(all, outs, job) };
}

/** The output stays in any case. */
export async function deleteResource(id: string, props: BatchRunOutputs): Promise<void> {
  if (props.onDestroy === "cancel") await clients().jobs.cancel(id);
}

export { deleteResource as delete };

export { configure } from "../clients/sign-in-settings";
