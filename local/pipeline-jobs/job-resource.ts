import type { Store, StoredResource } from "../arm/store";
import { resumeJobs } from "../jobs/job-table";
import type { JsonObject } from "../json";
import type { PipelineJobs, PipelineJobSpec, PipelineStep } from "./job";

/** What ARM keeps of a pipeline job beside its body. */
export const pipelineInternal = (spec: PipelineJobSpec): JsonObject => ({
  pipeline: spec as unknown as JsonObject,
});

/** What the resource runs as a pipeline job; undefined for another job. */
export const pipelineOf = ({ internal }: StoredResource): PipelineJobSpec | undefined =>
  internal["pipeline"] as unknown as PipelineJobSpec | undefined;

/** A step, and the pipeline that it is of. */
export interface FoundStep {
  readonly parent: PipelineJobSpec;
  readonly step: PipelineStep;
}

/** The step of a pipeline whose job has this ARM id. */
export function stepOfJob(store: Store, jobId: string): FoundStep | undefined {
  const jobs = jobId.slice(0, jobId.lastIndexOf("/") + 1);
  for (const resource of store.list(jobs)) {
    const spec = pipelineOf(resource);
    const found = spec && stepIn(spec, jobId.toLowerCase());
    if (found !== undefined) return found;
  }
  return undefined;
}

function stepIn(parent: PipelineJobSpec, jobId: string): FoundStep | undefined {
  for (const step of parent.steps) {
    if (step.spec.id.toLowerCase() === jobId) return { parent, step };
    const within = step.kind === "pipeline" ? stepIn(step.spec, jobId) : undefined;
    if (within !== undefined) return within;
  }
  return undefined;
}

/** ARM ids of the sweeps that are steps of a pipeline, or of those within it. */
export function sweepStepsOf({ steps }: PipelineJobSpec): readonly string[] {
  return steps.flatMap((step) => {
    if (step.kind === "pipeline") return sweepStepsOf(step.spec);
    return step.kind === "sweep" ? [step.spec.id] : [];
  });
}

/** Goes on with the jobs that were under way when the local Azure ended. */
export async function resumePipelineJobs(
  store: Store,
  jobs: Pick<PipelineJobs, "start" | "state">,
  log: (line: string) => void,
): Promise<void> {
  const specs = store.list("/subscriptions/").flatMap((resource) => pipelineOf(resource) ?? []);
  await resumeJobs(specs, jobs, "pipeline", log);
}
