import { ProviderError } from "../clients/errors";
import { COMMAND_NEXT } from "../training-job/command-job";
import { DECISIVE } from "../training-job/identity";
import type { TrainingKind } from "../training-job/kind";
import { sweepProperties } from "./body";
import { progressOf, sweepResult } from "./result";
import type { SweepJobInputs, SweepResult } from "./types";

/** A job that runs its command once for each of many values; its trials are how far it is. */
export const sweep: TrainingKind<SweepJobInputs, SweepResult> = {
  word: "sweep",
  decisive: [
    ...DECISIVE,
    "searchSpace",
    "samplingAlgorithm",
    "objective",
    "earlyTermination",
    "maxTotalTrials",
  ],
  next: [...COMMAND_NEXT, "maxConcurrentTrials", "timeoutSeconds", "trialTimeoutSeconds"],
  results: ["runId", "status", "trials", "bestRunId", "metrics", "params", "outputUris", "models"],
  properties: sweepProperties,
  look:
    ({ childRuns }, inputs) =>
    async (job) =>
      await childRuns(inputs.workspaceId, job.name).then(
        (trials) => (trials.length === 0 ? undefined : progressOf(inputs, trials)),
        // The next look finds more.
        () => undefined,
      ),
  async told({ run, childRuns }, inputs, live) {
    const [parent, trials] = await Promise.all([
      run(inputs.workspaceId, live.name),
      childRuns(inputs.workspaceId, live.name),
    ]);
    return sweepResult(inputs, live, parent, trials);
  },
  flaw({ objective: { primaryMetric } }, { bestRunId }, jobId) {
    if (bestRunId !== undefined) return undefined;
    return new ProviderError({
      what: `no trial logged the metric ${primaryMetric}, so that none is the best`,
      where: jobId,
      tryThis: `mlflow.log_metric("${primaryMetric}", …) in the code, or the name that it logs as objective.primaryMetric`,
    });
  },
};
