import { lastName } from "../arm/path";
import type { Store } from "../arm/store";
import type { CommandJobs } from "../command-jobs/job";
import type { JsonObject } from "../json";
import type {
  PipelineJobs,
  PipelineJobSpec,
  PipelineStep,
  StepOutput,
  StepState,
} from "../pipeline-jobs/job";
import { pipelineOf, stepOfJob, type FoundStep } from "../pipeline-jobs/job-resource";
import { outputsOf } from "../pipeline-jobs/pipeline-job";
import { bestTrial } from "../sweep-jobs/plan";
import type { SweepJobs } from "../sweep-jobs/sweep";
import { bestTags } from "../sweep-jobs/sweep-job";
import { setOfRun, type Artifacts } from "./artifacts";
import { courseOf, jobRunDto, outputAsset, readUrls, runOutput, type RunSource } from "./run-history";
import { trialRunDtos } from "./sweep-runs";
import type { Workspace } from "./workspace";

/** What azure-ai-ml streams of a pipeline job. */
const EXECUTION_LOG = "logs/azureml/executionlogs.txt";
const LOG_LINES = 10_000;
const SWEEP_LOGS = ["azureml-logs"];
const RUN_TYPES = {
  command: "azureml.StepRun",
  sweep: "azureml.HyperDrive",
  pipeline: "azureml.PipelineRun",
} as const;
const STEP_LOGS = ["user_logs", "system_logs"];

/** What the run history of pipeline jobs is told from. */
export interface PipelineRuns {
  readonly store: Store;
  readonly artifacts: Artifacts;
  readonly pipelines: Pick<PipelineJobs, "state" | "log">;
  readonly commands: Pick<CommandJobs, "state">;
  readonly sweeps: Pick<SweepJobs, "state">;
}

/** The runs of pipeline jobs, and of their steps. */
export function pipelineRunSource(runs: PipelineRuns): RunSource {
  const { store, artifacts, pipelines } = runs;
  const atTop = (workspace: Workspace, name: string): PipelineJobSpec | undefined => {
    const resource = store.get(`${workspace.id}/jobs/${name}`);
    return resource && pipelineOf(resource);
  };
  const stepOf = (workspace: Workspace, name: string): FoundStep | undefined =>
    stepOfJob(store, `${workspace.id}/jobs/${name}`);
  const childrenOf = (spec: PipelineJobSpec): JsonObject[] =>
    spec.steps.map((step) => stepDto(runs, { parent: spec, step }));
  return {
    find: (workspace, runId) => {
      const spec = atTop(workspace, runId);
      const found = spec === undefined ? stepOf(workspace, runId) : undefined;
      const pipeline = spec ?? (found?.step.kind === "pipeline" ? found.step.spec : undefined);
      if (pipeline === undefined && found === undefined) return undefined;
      return {
        told: found === undefined ? topDto(runs, spec) : stepDto(runs, found),
        children: pipeline === undefined ? trialDtos(runs, found?.step) : childrenOf(pipeline),
        logFiles: async () => {
          if (pipeline === undefined)
            return await readUrls(
              artifacts,
              workspace,
              runId,
              found?.step.kind === "sweep" ? SWEEP_LOGS : STEP_LOGS,
            );
          const log = pipelines.log(pipeline.id, LOG_LINES);
          if (log !== "") await artifacts.write(workspace, setOfRun(runId), EXECUTION_LOG, log);
          return await readUrls(artifacts, workspace, runId, ["logs"]);
        },
      };
    },
    resolve: (workspace, assetId) => {
      const { run = "", output = "" } = runOutput(assetId) ?? {};
      const spec = atTop(workspace, run);
      const state = spec && pipelines.state(spec.id);
      const found = spec === undefined ? stepOf(workspace, run) : undefined;
      const outputs =
        spec === undefined ? found && stateOf(runs, found)?.outputs : state && outputsOf(spec, state);
      const made = outputs?.[output];
      return made && { uri: made.uri, type: "uri_folder" };
    },
  };
}

function topDto({ store, pipelines }: PipelineRuns, spec: PipelineJobSpec | undefined): JsonObject {
  const resource = spec && store.get(spec.id);
  if (spec === undefined || resource === undefined) return {};
  const state = pipelines.state(spec.id);
  return {
    ...jobRunDto(resource, state),
    runType: RUN_TYPES.pipeline,
    outputs: assets(lastName(spec.id), state === undefined ? {} : outputsOf(spec, state)),
  };
}

function stateOf({ pipelines }: PipelineRuns, { parent, step }: FoundStep): StepState | undefined {
  return pipelines.state(parent.id)?.steps[step.name];
}

function stepDto(runs: PipelineRuns, found: FoundStep): JsonObject {
  const { parent, step } = found;
  const state = stateOf(runs, found);
  const own = ownStateOf(runs, step);
  const name = lastName(step.spec.id);
  const reused = state?.reusedFrom;
  return {
    runId: name,
    parentRunId: lastName(parent.id),
    rootRunId: step.spec.tags["mlflow.rootRunId"],
    experimentId: parent.experimentName,
    displayName: step.displayName,
    name: step.name,
    status: state?.status === "Running" ? (own ?? "Running") : (state?.status ?? "NotStarted"),
    ...courseOf(state === undefined ? undefined : { ...state }),
    runType: RUN_TYPES[step.kind],
    tags: {},
    properties: {
      "azureml.isreused": String(reused !== undefined),
      ...(reused === undefined ? {} : { "azureml.reusedrunid": reused }),
      ...bestOf(runs, step),
    },
    outputs: assets(name, state?.outputs ?? {}),
  };
}

/** What who runs the step says of how far it is. */
function ownStateOf(
  { commands, sweeps, pipelines }: PipelineRuns,
  { kind, spec }: PipelineStep,
): string | undefined {
  const runner = { command: commands, sweep: sweeps, pipeline: pipelines }[kind];
  return runner.state(spec.id)?.status;
}

/** The runs below a step that is a sweep. */
function trialDtos({ store, commands }: PipelineRuns, step: PipelineStep | undefined): JsonObject[] {
  if (step?.kind !== "sweep") return [];
  return trialRunDtos(store, step.spec.id, commands);
}

function bestOf({ sweeps }: PipelineRuns, { kind, spec }: PipelineStep): JsonObject {
  if (kind !== "sweep") return {};
  const best = bestTrial(spec.goal, sweeps.state(spec.id)?.trials ?? []);
  return best === undefined ? {} : bestTags(spec.id, best);
}

function assets(run: string, outputs: Readonly<Record<string, StepOutput>>): JsonObject {
  return Object.fromEntries(
    Object.keys(outputs).map((name) => [name, { assetId: outputAsset(run, name), type: "uri_folder" }]),
  );
}
