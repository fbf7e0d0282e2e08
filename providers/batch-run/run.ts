import { failureOf } from "../jobs/failure";
import { freeName } from "../jobs/free-name";
import type { Stores } from "../jobs/score";
import { waitForJob } from "../jobs/wait";
import { datastoreUri } from "../assets/upload";
import { workspaceIdOf } from "../clients/arm-id";
import type { BatchJobs } from "../clients/batch-jobs";
import { deadlineIn } from "../clients/deadline";
import { ProviderError } from "../clients/errors";
import type { Job } from "../clients/jobs";
import type { RunHistory } from "../clients/run-history";
import { generationName } from "../generations/generation";
import { readTarget, type Target } from "./deployment";
import { identityOf, nestedIn, submittedInput } from "../jobs/input";
import { resultOf } from "./result";
import type { BatchRunInputs, BatchRunOutputs, SubmittedRun } from "./types";

/** What a run works with. */
export interface RunClients extends Stores {
  readonly jobs: BatchJobs;
  readonly history: (workspaceId: string) => Promise<RunHistory>;
  /** Takes lines of progress. */
  readonly say: (line: string) => void;
}

/**
 * Scores the input: goes on with the job that there is of it, or submits one.
 *
 * A job's name is made of what it scores and with what. So the next command finds the job of one that was killed; a job that failed or was
 * cancelled is followed by another.
 *
 * @throws ProviderError where the job fails, or has not ended at the deadline
 */
export async function run(
  clients: RunClients,
  inputs: BatchRunInputs,
): Promise<{ readonly id: string; readonly outs: BatchRunOutputs }> {
  const { arm, jobs, say } = clients;
  const { endpointId } = inputs;
  const target = await readTarget(arm, endpointId, inputs.deployment);
  await refuseNested(inputs, target);
  const inputDigest = await identityOf(inputs.input);
  if (inputs.inputDigest !== undefined && inputs.inputDigest !== inputDigest)
    throw new ProviderError({
      what: "the files changed while the command ran",
      where: "input.path",
      tryThis: "the same command again, when nothing writes into them",
    });
  const known = { ...inputs, inputDigest, deploymentDigest: target.digest };
  const name = await freeName(jobs, workspaceIdOf(endpointId), runName(known));
  const submitted = {
    jobInput: await submittedInput(clients, workspaceIdOf(endpointId), inputs.input, say),
    jobOutputUri: outputFolder(known, name),
    ...(target.predictions === undefined ? {} : { predictions: target.predictions }),
  };
  const job = await jobs.submit(endpointId, {
    name,
    deployment: target.name,
    input: submitted.jobInput,
    outputUri: submitted.jobOutputUri,
  });
  return { id: job.id, outs: await ended(clients, { ...known, ...submitted, jobName: job.name }, job) };
}

/**
 * Waits for the job where that is asked for, and reads what it left.
 *
 * @throws ProviderError where a job that is waited for fails, or has not ended at the deadline
 */
export async function ended(
  clients: RunClients,
  submitted: BatchRunInputs & SubmittedRun,
  started: Job,
): Promise<BatchRunOutputs> {
  const { jobs, say } = clients;
  const { wait, deadlineSeconds, endpointId } = submitted;
  const workspaceId = workspaceIdOf(endpointId);
  const job = wait ? await waitForJob(jobs, started, deadlineIn(deadlineSeconds / 60), { say }) : started;
  if (wait && job.status !== "Completed") throw await failureOf(() => clients.history(workspaceId), job);
  return { ...submitted, ...(await resultOf(clients, workspaceId, submitted, job)) };
}

/** @throws ProviderError for files that a model without a script would not reach */
export async function refuseNested({ input }: BatchRunInputs, target: Target): Promise<void> {
  const nested = target.noCode ? await nestedIn(input) : undefined;
  if (nested === undefined) return;
  throw new ProviderError({
    what: `has files in folders of its own, ${nested} for instance, which a model without a scoring script does not get`,
    where: "input.path",
    allowed: "a folder of files",
  });
}

/** The same for the same input, deployment, output and `rerun`. */
export function runName(inputs: BatchRunInputs): string {
  const { endpointId, inputDigest, deploymentDigest, outputUri, rerun } = inputs;
  return generationName("batch-run", { endpointId, inputDigest, deploymentDigest, outputUri, rerun });
}

/** Each job's own folder: Azure ML writes over no output. */
function outputFolder({ endpointId, outputUri }: BatchRunInputs, name: string): string {
  const folder = outputUri ?? datastoreUri(workspaceIdOf(endpointId), "batch-runs");
  return `${folder.replace(/\/+$/, "")}/${name}/`;
}
