import type { Deadline } from "../clients/deadline";
import { ProviderError } from "../clients/errors";
import { hasEnded, type Job, type Jobs } from "../clients/jobs";

/** Milliseconds between two looks at a job: close at first, then as far apart as a job of hours wants. */
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 15_000;
const GROWTH = 1.5;

/** How a job is watched. */
export interface Watch {
  /** Takes lines of progress. */
  readonly say: (line: string) => void;
  /** What the lines call it; `batch job` by default. */
  readonly kind?: string;
  /** What a job that runs says of itself by now; looked at as often as the job is. */
  readonly look?: (job: Job) => Promise<string | undefined>;
}

/**
 * Waits until a job has ended, well or not, and says each state that it comes to, and each new thing that it says.
 *
 * @throws ProviderError at the deadline, or where the job is gone; the job runs on
 */
export async function waitForJob(
  jobs: Pick<Jobs, "read">,
  started: Job,
  deadline: Deadline,
  { say, kind = "batch job", look = () => Promise.resolve(undefined) }: Watch,
): Promise<Job> {
  let job = started;
  let last: string | undefined;
  say(`${kind} ${job.name}: ${job.status}`);
  for (let wait = FIRST_WAIT; !hasEnded(job); wait = Math.min(wait * GROWTH, LONGEST_WAIT)) {
    if (!(await deadline.sleep(wait)))
      throw new ProviderError({
        what: `the job is still ${job.status} after ${deadline.allowance}, and runs on`,
        where: job.id,
        tryThis: "the same command again, which goes on waiting for it; or more time, or a larger cluster",
      });
    const next = await jobs.read(job.id);
    if (next === undefined)
      throw new ProviderError({ what: "the job is gone", where: job.id, tryThis: "the same command again" });
    if (next.status !== job.status) say(`${kind} ${job.name}: ${next.status}`);
    job = next;
    const line = hasEnded(job) ? undefined : await look(job);
    if (line !== undefined && line !== last) say(`${kind} ${job.name}: ${line}`);
    last = line ?? last;
  }
  return job;
}
