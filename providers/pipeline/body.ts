import { commonBody, type SubmittedFiles } from "../training-job/body";
import { nodeBody } from "./node";
import type { PipelineInputs } from "./types";

/**
 * The properties of a pipeline job as ARM takes them. Its steps and settings are dictionaries to ARM: their members are those that azure-ai-ml sends.
 *
 * @param files addresses of the inputs that are files, by name
 */
export function pipelineProperties(
  pipeline: PipelineInputs,
  files: Readonly<Record<string, SubmittedFiles>>,
): Readonly<Record<string, unknown>> {
  const { workspaceId, computeId, continueOnStepFailure, steps, stepSettings, rerun } = pipeline;
  const nodes = Object.entries(steps).map(([name, step]) => [
    name,
    nodeBody(name, step, stepSettings[name] ?? {}),
  ]);
  return {
    jobType: "Pipeline",
    ...commonBody({ ...pipeline, computeId: undefined }, files),
    settings: {
      default_compute: computeId ?? `${workspaceId}/computes/serverless`,
      continue_on_step_failure: continueOnStepFailure,
      force_rerun: rerun !== undefined,
    },
    jobs: Object.fromEntries(nodes) as object,
  };
}
