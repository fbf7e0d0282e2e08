import { join } from "node:path";
import { createJobTable, type JobTable } from "../jobs/job-table";
import type { StatePaths } from "../state";
import type { PipelineJobs, PipelineJobSpec, PipelineState } from "./job";
import { PipelineFolder } from "./pipeline-folder";
import { PipelineJob, type PipelineParts } from "./pipeline-job";
import { ReusableRuns } from "./reuse";

export interface PipelineJobsOptions extends Omit<PipelineParts, "reusable"> {
  readonly paths: Pick<StatePaths, "pipelineJobs">;
}

/** Pipeline jobs, whose steps are command jobs, sweeps and pipelines. */
export function createPipelineJobs({ paths, ...given }: PipelineJobsOptions): PipelineJobs {
  const parts = { ...given, reusable: new ReusableRuns(join(paths.pipelineJobs, "reusable")) };
  const table: JobTable<PipelineJobSpec, PipelineState, PipelineFolder> = createJobTable({
    ...parts,
    place: paths.pipelineJobs,
    open: (folder) => new PipelineFolder(folder),
    make: (spec, folder) => new PipelineJob(spec, folder, { ...parts, pipelines: table }),
  });
  const forget = async (spec: PipelineJobSpec): Promise<void> => {
    for (const step of spec.steps) {
      if (step.kind === "command") await parts.commands.remove(step.spec.id);
      else if (step.kind === "sweep") await parts.sweeps.remove(step.spec.id);
      else await forget(step.spec);
    }
    await table.forget(spec.id);
  };
  return {
    ...table,
    remove: async (spec) => {
      await table.cancel(spec.id);
      await forget(spec);
    },
    log: (id, lines) => table.folderOf(id).log.tail(lines),
  };
}
