import { text } from "node:stream/consumers";
import type { Arm } from "../clients/arm";
import { createMlflow } from "../clients/mlflow";
import { getRun } from "../clients/mlflow-tracking";
import { byShare, figuresOfDeployment, figuresOfRun, type RunFigures } from "../lineage/figures";
import { runIdIn } from "../lineage/run";
import { openMlflow, type MlflowPlace } from "../mlflow-place";
import { writable } from "../online-endpoint/merge";
import { readEndpoint } from "../online-endpoint/write";
import { isRelative, judgeRunMetrics, short, type RunMetric } from "../rollout/run-metrics";
import { azureAddress } from "./addresses";
import { type PlaceInputs, sourcePlaceOf } from "./places";
import type { ModelSource } from "./source";
import type { ModelTarget } from "./target";

/** What a model's run must have logged for the model to be registered. */
export interface Acceptance {
  readonly runMetrics: readonly RunMetric[];
  /** ARM id of the online endpoint whose version is compared with. */
  readonly endpointId?: string;
}

/** What serves, by the deployment with the most traffic. */
export interface ServingFigures {
  readonly deployment: string;
  readonly figures: RunFigures;
}

/** Why a model is not accepted. */
export interface Refusal {
  /** One sentence without its full stop. */
  readonly reason: string;
  /** Whether that is only because something could not be read: asking again may help. */
  readonly unread: boolean;
}

/**
 * Decides by the figures.
 *
 * @param serving undefined where nothing serves yet: then only the absolute limits hold
 * @returns undefined for a model that is accepted
 */
export function refusalBy(
  runMetrics: readonly RunMetric[],
  candidate: RunFigures,
  serving: ServingFigures | undefined,
): Refusal | undefined {
  const { verdict, reason } = judgeRunMetrics(runMetrics, candidate, serving?.figures);
  if (verdict === "passed") return undefined;
  return {
    reason: [reason, ...hasInstead(runMetrics, candidate), ...servingWords(runMetrics, serving)].join("; "),
    unread: verdict === "error",
  };
}

function hasInstead(runMetrics: readonly RunMetric[], candidate: RunFigures): string[] {
  if ("problem" in candidate || runMetrics.every(({ metric }) => metric in candidate.metrics)) return [];
  return [`it has ${Object.keys(candidate.metrics).join(", ") || "none"}`];
}

function servingWords(runMetrics: readonly RunMetric[], serving: ServingFigures | undefined): string[] {
  if (serving === undefined || "problem" in serving.figures) return [];
  const { run, metrics } = serving.figures;
  const told = runMetrics
    .filter(isRelative)
    .flatMap(({ metric }) =>
      metrics[metric] === undefined ? [] : [`${metric} ${short(metrics[metric] as number)}`],
    );
  return told.length === 0
    ? []
    : [`${serving.deployment}, which serves, has ${told.join(", ")} (run ${run})`];
}

/** A model before it is registered, and where it would be. */
export interface Candidate {
  readonly source: ModelSource;
  readonly target: ModelTarget;
  readonly inputs: PlaceInputs & { readonly accept: Acceptance; readonly digest?: string };
}

/** Why a model that would be registered is not accepted. What is a version already is not judged: one can go back to it. */
export async function refusalOf(
  arm: Arm,
  { source, target, inputs }: Candidate,
): Promise<Refusal | undefined> {
  const { digest, accept } = inputs;
  const { runMetrics, endpointId } = accept;
  const runId = await runOf(source);
  if (digest !== undefined && (await target.find(digest)) !== undefined) return undefined;
  if (runId !== undefined && (await target.hasOfRun(runId))) return undefined;
  const [candidate, serving] = await Promise.all([
    candidateFigures(arm, inputs, runId),
    endpointId === undefined ? undefined : servingFigures(arm, endpointId),
  ]);
  return refusalBy(runMetrics, candidate, serving);
}

/** The run that the source names, or else the model's own file. */
async function runOf(source: ModelSource): Promise<string | undefined> {
  const { runId } = await source.lineage();
  if (runId !== undefined) return runId;
  const mlmodel = (await source.files()).find(({ path }) => path === "MLmodel");
  return mlmodel && runIdIn(await text(await mlmodel.open()));
}

async function candidateFigures(
  arm: Arm,
  inputs: PlaceInputs,
  runId: string | undefined,
): Promise<RunFigures> {
  if (runId === undefined)
    return { problem: "neither its source nor its MLmodel names one: log the model in a run" };
  try {
    const mlflow = await openMlflow(runPlaceOf(inputs), createMlflow, () => arm);
    const run = await getRun(mlflow, runId);
    return run === undefined ? { problem: `${mlflow.address} has no run ${runId}` } : figuresOfRun(run);
  } catch (error) {
    return { problem: (error as Error).message, unread: true };
  }
}

/** Where the model's run is: on the server, or in the workspace, that the model comes from. */
function runPlaceOf(inputs: PlaceInputs): MlflowPlace {
  const place = sourcePlaceOf(inputs);
  if (place?.kind === "uri" && place.server !== undefined) return { server: place.server };
  const address = place?.kind === "uri" ? azureAddress(place.uri) : undefined;
  const homeId = address?.kind === "version" ? address.homeId : undefined;
  if (homeId !== undefined && /\/workspaces\//i.test(homeId)) return { workspaceId: homeId };
  const { workspaceId, server } = inputs;
  return {
    ...(workspaceId === undefined ? {} : { workspaceId }),
    ...(server === undefined ? {} : { server }),
  };
}

async function servingFigures(arm: Arm, endpointId: string): Promise<ServingFigures | undefined> {
  const endpoint = await readEndpoint(arm, endpointId);
  const [deployment] = byShare(endpoint === undefined ? {} : (writable(endpoint).properties.traffic ?? {}));
  if (deployment === undefined) return undefined;
  return { deployment, figures: await figuresOfDeployment(arm, `${endpointId}/deployments/${deployment}`) };
}
