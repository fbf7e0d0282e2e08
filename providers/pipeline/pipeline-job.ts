import { once } from "../once";
import type { TrainingKind } from "../training-job/kind";
import { pipelineProperties } from "./body";
import { pipelineResult, progressLine } from "./result";
import type { PipelineInputs, PipelineResult } from "./types";

/** What decides what a pipeline does. */
export const PIPELINE_DECISIVE = ["workspaceId", "steps", "inputsDigest", "rerun"] as const;

/** A job of several steps; how far each is, is how far it is. */
export const pipelineJob: TrainingKind<PipelineInputs, PipelineResult> = {
  word: "pipeline",
  decisive: PIPELINE_DECISIVE,
  next: [
    "inputs",
    "outputs",
    "stepSettings",
    "computeId",
    "continueOnStepFailure",
    "experimentName",
    "displayName",
  ],
  results: ["runId", "status", "stepRuns", "outputUris"],
  properties: pipelineProperties,
  machines: ({ computeId, stepSettings }) => [
    { property: "computeId", computeId },
    ...Object.entries(stepSettings).map(([step, settings]) => ({
      property: `steps.${step}.computeId`,
      computeId: settings.computeId,
      instanceCount: settings.instanceCount,
    })),
  ],
  look({ history }, inputs) {
    const opened = once(() => history(inputs.workspaceId));
    return async ({ name }) =>
      await opened()
        .then(async (runs) => progressLine(inputs, await runs.childRuns(name)))
        // The next look may find more.
        .catch(() => undefined);
  },
  told: pipelineResult,
};
