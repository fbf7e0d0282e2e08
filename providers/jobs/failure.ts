import { text } from "node:stream/consumers";
import { download } from "../clients/download";
import { ProviderError } from "../clients/errors";
import type { Job } from "../clients/jobs";
import type { RunDetails, RunHistory } from "../clients/run-history";

/** Lines of a log that an error shows. */
const LINES = 20;

/** Logs by how much they tell of why scoring failed, the most first. */
const TELLING = [
  /^logs\/user\/error/,
  /^logs\/user\/stderr/,
  /^user_logs\/std_log/,
  /^logs\/user\//,
  /^logs\/azureml\/executionlogs/,
];

/** What a job that did not complete says of why. */
export interface JobFailure {
  /** Azure's own reason, where it has one. */
  readonly reason?: string;
  /** The last lines of the most telling log, oldest first; none where no log can be read. */
  readonly lines: readonly string[];
}

/**
 * Why a job failed, out of the logs of the run below it that scored, or else its own.
 *
 * @param openLog reads a log by its address
 * @throws ArmError where run history refuses
 */
export async function jobFailure(
  history: RunHistory,
  jobName: string,
  openLog: (url: string) => Promise<string> = async (url) => await readLog(url),
): Promise<JobFailure> {
  const children = await history.childRuns(jobName);
  const runs = [...children.map(({ runId }) => runId), jobName];
  const all = await Promise.all(runs.map((run) => history.details(run)));
  const reason = all.map(({ error }) => error?.error?.message).find((message) => !!message);
  // Of a pipeline's steps those that did not fail tell nothing.
  const failed = all.filter(({ status }) => status === "Failed");
  for (const url of logsOf(failed.length === 0 ? all : failed)) {
    // A log may be gone, or not readable from here: the next one tells less, but something.
    const lines = lastLines(await openLog(url).catch(() => ""));
    if (lines.length > 0) return { ...(reason === undefined ? {} : { reason }), lines };
  }
  return { ...(reason === undefined ? {} : { reason }), lines: [] };
}

/**
 * What ends a command whose job did not complete. Without run history the failure itself is still told.
 *
 * @param history of the job's workspace
 */
export async function failureOf(history: () => Promise<RunHistory>, job: Job): Promise<ProviderError> {
  try {
    return failedJob(job, await jobFailure(await history(), job.name));
  } catch {
    return failedJob(job, { lines: [] });
  }
}

/** What ends a command whose job has failed or was cancelled. */
export function failedJob(job: Job, { reason, lines }: JobFailure): ProviderError {
  const why = reason === undefined ? "" : `: ${reason.replace(/\.$/, "")}`;
  const log = lines.length === 0 ? "" : ["", ...lines].join("\n  ");
  return new ProviderError({
    what: `the job ended ${job.status}${why}${log === "" ? "" : `. The end of its log:${log}`}`,
    where: job.id,
  });
}

/** Addresses of the logs, the most telling first. */
export function logsOf(runs: readonly RunDetails[]): string[] {
  const logs = runs.flatMap(({ logFiles }) => Object.entries(logFiles ?? {}));
  return TELLING.flatMap((form) => logs.filter(([path]) => form.test(path)).sort()).map(([, url]) => url);
}

/** The last lines of a text that say something. */
export function lastLines(log: string): string[] {
  return log
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .slice(-LINES);
}

/** @throws ProviderError where there is none, or it can't be read in so many milliseconds */
export async function readLog(url: string, milliseconds = 60_000): Promise<string> {
  return await text((await download(url, AbortSignal.timeout(milliseconds))).body);
}
