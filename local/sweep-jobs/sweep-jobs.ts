import type { CommandJobs } from "../command-jobs/job";
import { createJobTable } from "../jobs/job-table";
import type { StatePaths } from "../state";
import { bestTrial } from "./plan";
import type { SweepJobs, SweepSpec, SweepState } from "./sweep";
import { SweepFolder } from "./sweep-folder";
import { SweepJob, type SweepParts } from "./sweep-job";

export interface SweepJobsOptions extends SweepParts {
  readonly paths: Pick<StatePaths, "sweepJobs">;
  readonly commands: CommandJobs;
}

/** Sweeps as command jobs of this machine, one a trial. */
export function createSweepJobs({ paths, ...parts }: SweepJobsOptions): SweepJobs {
  const table = createJobTable<SweepSpec, SweepState, SweepFolder>({
    ...parts,
    place: paths.sweepJobs,
    open: (folder) => new SweepFolder(folder),
    make: (spec, folder) => new SweepJob(spec, folder, parts),
  });
  return {
    ...table,
    remove: async (jobId) => {
      await table.cancel(jobId);
      await table.forget(jobId);
    },
    bestOutputs: async (spec) => {
      const trials = table.state(spec.id)?.trials ?? [];
      const best = bestTrial(spec.goal, trials);
      const trial = trials.find(({ number }) => number === best?.number);
      return trial && (await parts.trialJob(spec, trial)).outputs;
    },
  };
}
