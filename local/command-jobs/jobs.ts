import { createJobTable } from "../jobs/job-table";
import type { JobState } from "../jobs/job-status";
import type { StatePaths } from "../state";
import { CommandJob, type CommandParts } from "./command-job";
import type { CommandJobs, CommandJobSpec } from "./job";
import { JobFolder } from "./job-folder";

export interface CommandJobsOptions extends CommandParts {
  readonly paths: Pick<StatePaths, "commandJobs">;
}

/** Command jobs as processes of this machine, on the nodes of its clusters or on none. */
export function createCommandJobs({ paths, ...parts }: CommandJobsOptions): CommandJobs {
  const table = createJobTable<CommandJobSpec, JobState, JobFolder>({
    ...parts,
    place: paths.commandJobs,
    open: (folder) => new JobFolder(folder),
    make: (spec, folder) => new CommandJob(spec, folder, parts),
  });
  return {
    ...table,
    remove: async (jobId) => {
      await table.cancel(jobId);
      await table.forget(jobId);
    },
  };
}
