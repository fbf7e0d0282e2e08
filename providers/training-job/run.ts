import { failureOf } from "../jobs/failure";
import { freeName } from "../jobs/free-name";
import { assetId, uploadInput } from "../jobs/input";
import { waitForJob } from "../jobs/wait";
import { deadlineIn } from "../clients/deadline";
import { ProviderError } from "../clients/errors";
import type { Job } from "../clients/jobs";
import { isLiteral, type SubmittedFiles } from "./body";
import { digestOfInputs, runName } from "./identity";
import { describeJob, jobOf, readJob, submitJob } from "./job";
import type { TrainingClients, TrainingKind } from "./kind";
import type { JobInputs, Told, TrainingFiles } from "./types";

/**
 * Trains: goes on with the job that there is of this code, data and parameters, or submits one.
 *
 * A job's name is made of what decides its run. So the next command finds the job of one that was killed; a job that failed or was cancelled is followed by
 * another.
 *
 * @throws ProviderError where the job fails, or has not ended at the deadline; ArmError with what Azure has against it
 */
export async function run<Inputs extends JobInputs, Result extends Told>(
  kind: TrainingKind<Inputs, Result>,
  clients: TrainingClients,
  inputs: Inputs,
): Promise<{ readonly id: string; readonly outs: Inputs & Result }> {
  const { arm, jobs } = clients;
  const { workspaceId } = inputs;
  const inputsDigest = await digestOfInputs(inputs.inputs);
  if (inputs.inputsDigest !== undefined && inputs.inputsDigest !== inputsDigest)
    throw new ProviderError({
      what: "the files changed while the command ran",
      where: "inputs",
      tryThis: "the same command again, when nothing writes into them",
    });
  const known = { ...inputs, inputsDigest };
  const jobId = `${workspaceId}/jobs/${await freeName(jobs, workspaceId, runName(known, kind.decisive))}`;
  const there = await readJob(arm, jobId);
  if (there !== undefined) await describeJob(arm, jobId, {}, known);
  const job =
    there ?? (await submitJob(arm, jobId, kind.properties(known, await submittedFiles(clients, known))));
  return { id: jobId, outs: await ended(kind, clients, known, { ...jobOf(job), id: jobId }) };
}

/**
 * Waits for the job where that is asked for, and reads what it has told.
 *
 * @throws ProviderError where a job that is waited for fails, is gone, or has not ended at the deadline
 */
export async function ended<Inputs extends JobInputs, Result extends Told>(
  kind: TrainingKind<Inputs, Result>,
  clients: TrainingClients,
  inputs: Inputs,
  started: Job,
): Promise<Inputs & Result> {
  const { jobs, say, history } = clients;
  const { wait, deadlineSeconds, workspaceId } = inputs;
  if (wait) {
    const look = kind.look(clients, inputs);
    const watch = { say, kind: kind.word, look };
    const job = await waitForJob(jobs, started, deadlineIn(deadlineSeconds / 60), watch);
    if (job.status !== "Completed") throw await failureOf(() => history(workspaceId), job);
  }
  const live = await readJob(clients.arm, started.id);
  if (live === undefined)
    throw new ProviderError({
      what: "the job is gone",
      where: started.id,
      tryThis: "the same command again",
    });
  const result = await kind.told(clients, inputs, live);
  const flaw = wait ? kind.flaw?.(inputs, result, live.id) : undefined;
  if (flaw !== undefined) throw flaw;
  return { ...inputs, ...result };
}

/** The inputs that are files, as the job names them; files here are uploaded first. */
async function submittedFiles(
  clients: TrainingClients,
  { workspaceId, inputs = {} }: JobInputs,
): Promise<Readonly<Record<string, SubmittedFiles>>> {
  const submitted: Record<string, SubmittedFiles> = {};
  for (const [name, value] of Object.entries(inputs))
    if (!isLiteral(value)) {
      const { type, mode } = value;
      const uri = await addressOf(clients, workspaceId, value);
      submitted[name] = mode === undefined ? { type, uri } : { type, uri, mode };
    }
  return submitted;
}

async function addressOf(
  clients: TrainingClients,
  workspaceId: string,
  { type, uri = "", path }: TrainingFiles,
): Promise<string> {
  if (path !== undefined) return (await uploadInput(clients, workspaceId, path, clients.say)).uri;
  return assetId(workspaceId, uri, type.endsWith("_model") ? "models" : "data");
}
