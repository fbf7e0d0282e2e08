import type { MlflowRun } from "../clients/mlflow-tracking";
import { tagRecord } from "../clients/mlflow-tracking";
import type { LiveTrainingJob } from "../training-job/job";
import { resultOf } from "../training-job/result";
import type { SweepJobInputs, SweepObjective, SweepResult } from "./types";

/** Property of a sweep, and tag of its run, in which Azure ML names the best trial's run. */
export const BEST_RUN = "best_child_run_id";

/** Trials of a sweep by how far they are. */
export interface TrialCounts {
  readonly completed: number;
  readonly running: number;
  /** Failed, or ended before they were through. */
  readonly failed: number;
}

const RUNNING = ["RUNNING", "SCHEDULED"];

/**
 * The best trial: the one that Azure ML names where it is a trial of this sweep, or else the one that the metric shows. One that failed is none.
 *
 * @param parent the sweep's own run; undefined where MLflow knows none
 */
export function bestTrial(
  job: LiveTrainingJob,
  objective: SweepObjective,
  parent: MlflowRun | undefined,
  trials: readonly MlflowRun[],
): MlflowRun | undefined {
  const told = job.properties["properties"];
  const properties = typeof told === "object" && told !== null ? (told as Record<string, unknown>) : {};
  const named = properties[BEST_RUN] ?? tagRecord(parent?.data.tags)[BEST_RUN];
  return trials.find(({ info }) => info.run_id === named) ?? bestByMetric(objective, trials);
}

/** The trial whose last value of the metric is the best; undefined where none has one. */
export function bestByMetric(
  { primaryMetric, goal }: SweepObjective,
  trials: readonly MlflowRun[],
): MlflowRun | undefined {
  const sign = goal === "Maximize" ? 1 : -1;
  const scored = trials
    .filter(({ info }) => info.status !== "FAILED")
    .flatMap((run) => {
      const value = metricOf(run, primaryMetric);
      return value === undefined ? [] : [{ run, score: sign * value }];
    });
  return scored.reduce<(typeof scored)[number] | undefined>(
    (best, next) => (best === undefined || next.score > best.score ? next : best),
    undefined,
  )?.run;
}

/** The last value; undefined where there is none, or it is no number. */
export function metricOf({ data }: MlflowRun, name: string): number | undefined {
  const value = Number(data.metrics?.find(({ key }) => key === name)?.value);
  return Number.isFinite(value) ? value : undefined;
}

export function countsOf(trials: readonly MlflowRun[]): TrialCounts {
  const count = (wanted: (status: string) => boolean): number =>
    trials.filter(({ info }) => wanted(info.status)).length;
  const completed = count((status) => status === "FINISHED");
  const running = count((status) => RUNNING.includes(status));
  return { completed, running, failed: trials.length - completed - running };
}

/** What a sweep has told so far. */
export function sweepResult(
  inputs: SweepJobInputs,
  job: LiveTrainingJob,
  parent: MlflowRun | undefined,
  trials: readonly MlflowRun[],
): SweepResult {
  const { name: runId, properties } = job;
  const told = { runId, status: properties.status, trials: trials.length };
  const best = bestTrial(job, inputs.objective, parent, trials);
  if (best === undefined) return { ...told, metrics: {}, params: {}, outputUris: {}, models: {} };
  const bestRunId = best.info.run_id;
  // The outputs that the sweep's own job shows are those of no trial.
  const trial = { ...job, name: bestRunId, properties: { status: properties.status } };
  const { metrics, params, outputUris, models } = resultOf(inputs, trial, best);
  return { ...told, bestRunId, metrics, params, outputUris, models };
}

/** How far a sweep is, in words. */
export function progressOf(
  { objective, maxTotalTrials }: SweepJobInputs,
  trials: readonly MlflowRun[],
): string {
  const { completed, running, failed } = countsOf(trials);
  const counts = `${completed} of at most ${maxTotalTrials} trials completed, ${running} running, ${failed} failed or ended early`;
  const best = bestByMetric(objective, trials);
  const value = best && metricOf(best, objective.primaryMetric);
  return best === undefined
    ? counts
    : `${counts}; best ${objective.primaryMetric} so far ${value} (${best.info.run_id})`;
}
