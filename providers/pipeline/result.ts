import { tagRecord, type MlflowRun } from "../clients/mlflow-tracking";
import type { ChildRun } from "../clients/run-history";
import { BEST_RUN } from "../sweep-job/result";
import type { LiveTrainingJob } from "../training-job/job";
import type { TrainingClients } from "../training-job/kind";
import { outputUri, resultOf } from "../training-job/result";
import type { PipelineInputs, PipelineResult, StepResult, StepSettings } from "./types";

/** What run history says of a step whose outputs are another run's. */
const REUSED = "azureml.isreused";
const REUSED_RUN = "azureml.reusedrunid";

/** What a pipeline has told so far. */
export async function pipelineResult(
  { history, run }: Pick<TrainingClients, "history" | "run">,
  { workspaceId, steps, stepSettings, outputs = {} }: PipelineInputs,
  live: LiveTrainingJob,
): Promise<PipelineResult> {
  const runs = await history(workspaceId);
  const children = await runs.childRuns(live.name);
  const stepRuns: Record<string, StepResult> = {};
  for (const name of Object.keys(steps)) {
    const child = stepRun(children, name);
    if (child === undefined) continue;
    const from = child.properties?.[REUSED] === "true" ? child.properties[REUSED_RUN] : undefined;
    const addresses = await runs.addresses(assetIds(child));
    const uris = Object.entries(child.outputs ?? {}).flatMap(([output, asset]) => {
      const uri = addresses[asset?.assetId ?? ""];
      return uri === undefined ? [] : [[output, { uri }] as const];
    });
    const job = {
      ...{ id: `${workspaceId}/jobs/${child.runId}`, name: from ?? child.runId },
      properties: { status: child.status, outputs: Object.fromEntries(uris) },
    };
    const own = await run(workspaceId, job.name);
    const bestRunId =
      steps[name]?.sweep && (child.properties?.[BEST_RUN] ?? tagRecord(own?.data.tags)[BEST_RUN]);
    const best = bestRunId === undefined ? own : await run(workspaceId, bestRunId);
    stepRuns[name] = {
      ...stepResult(stepSettings[name]?.outputs ?? {}, job, best, bestRunId),
      reused: from !== undefined,
    };
  }
  return {
    runId: live.name,
    status: live.properties.status,
    stepRuns,
    outputUris: Object.fromEntries(
      Object.keys(outputs).map((name) => [name, ownOutput(name, stepSettings, stepRuns, live)]),
    ),
  };
}

/** What the best trial has told stands for a sweep's own; where Azure ML says nothing of the sweep's outputs, they are that trial's. */
function stepResult(
  outputs: NonNullable<StepSettings["outputs"]>,
  job: LiveTrainingJob,
  run: MlflowRun | undefined,
  bestRunId: string | undefined,
): Omit<StepResult, "reused"> {
  if (bestRunId === undefined) return resultOf({ outputs }, job, run);
  return { ...resultOf({ outputs }, { ...job, name: bestRunId }, run), runId: job.name, bestRunId };
}

/** How far each step is, in one line: `prepare Completed, train Running`. */
export function progressLine(
  { steps }: Pick<PipelineInputs, "steps">,
  children: readonly ChildRun[],
): string | undefined {
  const begun = Object.keys(steps).flatMap((name) => {
    const status = stepRun(children, name)?.status;
    return status === undefined || status === "NotStarted" ? [] : [`${name} ${status}`];
  });
  return begun.length === 0 ? undefined : begun.join(", ");
}

/** The package gives each step its name as display name, which run history tells. */
function stepRun(children: readonly ChildRun[], name: string): ChildRun | undefined {
  return children.find(({ displayName, name: own }) => (displayName ?? own) === name);
}

function assetIds({ outputs }: ChildRun): string[] {
  return Object.values(outputs ?? {}).flatMap((asset) => asset?.assetId ?? []);
}

/** An output of the pipeline is where its step has put it. */
function ownOutput(
  name: string,
  settings: PipelineInputs["stepSettings"],
  stepRuns: Readonly<Record<string, StepResult>>,
  live: LiveTrainingJob,
): string {
  for (const [step, { outputs = {} }] of Object.entries(settings))
    for (const [output, { pipelineOutput }] of Object.entries(outputs)) {
      const uri = pipelineOutput === name ? stepRuns[step]?.outputUris[output] : undefined;
      if (uri !== undefined) return uri;
    }
  return outputUri(live, name);
}
