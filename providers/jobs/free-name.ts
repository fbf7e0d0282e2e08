import { ProviderError } from "../clients/errors";
import { hasEnded, type Jobs } from "../clients/jobs";

/** Tries whose jobs failed before one more is refused. */
const MOST_TRIES = 1_000;

/**
 * The name, or with the number of the next try where the jobs of those before failed or were cancelled. A job of it that runs or has completed is gone on
 * with.
 *
 * @throws ProviderError where too many have failed
 */
export async function freeName(jobs: Pick<Jobs, "read">, workspaceId: string, name: string): Promise<string> {
  for (let attempt = 1; attempt <= MOST_TRIES; attempt += 1) {
    const tried = attempt === 1 ? name : `${name}-${attempt}`;
    const job = await jobs.read(`${workspaceId}/jobs/${tried}`);
    if (job === undefined || !hasEnded(job) || job.status === "Completed") return tried;
  }
  throw new ProviderError({ what: `${MOST_TRIES} jobs of this run have failed`, tryThis: "another `rerun`" });
}
