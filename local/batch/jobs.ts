import { folderOfId } from "../files";
import type { StatePaths } from "../state";
import { BatchJob, type BatchParts } from "./batch-job";
import type { BatchJobs, BatchJobState } from "./job";
import { JobFolder } from "./job-folder";

export interface BatchJobsOptions extends BatchParts {
  readonly paths: Pick<StatePaths, "batch">;
}

/** Batch jobs as processes of this machine, on the nodes of its clusters. */
export function createBatchJobs({ paths, ...parts }: BatchJobsOptions): BatchJobs {
  const jobs = new Map<string, BatchJob>();
  const folderOf = (id: string): JobFolder => new JobFolder(folderOfId(paths.batch, id));
  const stateOf = (id: string): BatchJobState | undefined => jobs.get(id)?.state ?? folderOf(id).state;
  return {
    start: (spec) => {
      const id = spec.id.toLowerCase();
      if (jobs.has(id) || stateOf(id)?.endTime !== undefined) return;
      const job = new BatchJob(spec, folderOf(id), parts);
      jobs.set(id, job);
      job.start();
    },
    cancel: async (jobId) => {
      const id = jobId.toLowerCase();
      if (stateOf(id)?.endTime === undefined) await jobs.get(id)?.cancel();
    },
    state: (jobId) => stateOf(jobId.toLowerCase()),
    log: (jobId, tail) => folderOf(jobId.toLowerCase()).log.tail(tail),
    close: async () => {
      await Promise.all([...jobs.values()].map((job) => job.suspend()));
      jobs.clear();
    },
  };
}
