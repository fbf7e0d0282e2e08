import { lastLogLine } from "../jobs/progress";
import { once } from "../once";
import { jobProperties } from "./body";
import { DECISIVE } from "./identity";
import type { TrainingKind } from "./kind";
import { resultOf } from "./result";
import type { TrainingJobInputs, TrainingResult } from "./types";

/** What any job keeps of what runs a command. */
export const COMMAND_NEXT = [
  "inputs",
  "outputs",
  "computeId",
  "instanceCount",
  "resources",
  "distribution",
  "queueSettings",
  "identity",
  "experimentName",
  "displayName",
] as const satisfies readonly (keyof TrainingJobInputs)[];

/** A job that runs its command once; its last log line is how far it is. */
export const commandJob: TrainingKind<TrainingJobInputs, TrainingResult> = {
  word: "training job",
  decisive: DECISIVE,
  next: [...COMMAND_NEXT, "limits"],
  results: ["runId", "status", "metrics", "params", "runTags", "outputUris", "models"],
  properties: jobProperties,
  look({ history }, { workspaceId }) {
    const opened = once(() => history(workspaceId));
    return async (job) =>
      await opened().then(
        (runs) => lastLogLine(runs, job),
        () => undefined,
      );
  },
  async told({ run }, inputs, live) {
    return resultOf(inputs, live, await run(inputs.workspaceId, live.name));
  },
};
