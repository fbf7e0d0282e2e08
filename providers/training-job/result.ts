import type { MlflowRun } from "../clients/mlflow-tracking";
import { tagRecord } from "../clients/mlflow-tracking";
import type { LiveTrainingJob } from "./job";
import type { TrainingJobInputs, TrainingResult } from "./types";

/** Tag in which MLflow 2 keeps what models a run has logged. */
const LOGGED_MODELS = "mlflow.log-model.history";

/** What MLflow and Azure ML add to a run by themselves. */
const OWN_TAG = /^(mlflow|azureml)\./;

/**
 * What a run has told so far.
 *
 * @param run undefined where MLflow knows none yet
 */
export function resultOf(
  { outputs = {} }: Pick<TrainingJobInputs, "outputs">,
  job: LiveTrainingJob,
  run: MlflowRun | undefined,
): TrainingResult {
  const { metrics = [], params = [], tags = [] } = run?.data ?? {};
  const values = metrics.map(({ key, value }) => [key, Number(value)] as const);
  const all = tagRecord(tags);
  return {
    runId: job.name,
    status: job.properties.status,
    // A state is JSON, which has no NaN and no infinity.
    metrics: Object.fromEntries(values.filter(([, value]) => Number.isFinite(value))),
    params: tagRecord(params),
    runTags: Object.fromEntries(Object.entries(all).filter(([key]) => !OWN_TAG.test(key))),
    outputUris: Object.fromEntries(Object.keys(outputs).map((name) => [name, outputUri(job, name)])),
    models: modelsIn(job.name, all[LOGGED_MODELS]),
  };
}

/** Where Azure ML says that the output is; otherwise the output by the job's name, which `MlflowModel` takes as well. */
export function outputUri({ name: jobName, properties }: LiveTrainingJob, name: string): string {
  return properties.outputs?.[name]?.uri || `azureml://jobs/${jobName}/outputs/${name}`;
}

function modelsIn(runId: string, history = "[]"): Record<string, string> {
  const logged = parsed(history).flatMap((entry: unknown) => {
    const path: unknown =
      typeof entry === "object" && entry !== null ? Reflect.get(entry, "artifact_path") : undefined;
    return typeof path === "string" ? [[path, `runs:/${runId}/${path}`] as const] : [];
  });
  return Object.fromEntries(logged);
}

/** A tag may be written by anyone: what is no list tells of no models. */
function parsed(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
