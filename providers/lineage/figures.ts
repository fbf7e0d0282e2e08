import { readVersion } from "../assets/versions";
import { ML_API_VERSION, type Arm } from "../clients/arm";
import { versionIdOf, workspaceIdOf } from "../clients/arm-id";
import type { MlflowRun } from "../clients/mlflow-tracking";
import { folderOf, readRun, runIdOf } from "./run";

/** The metrics of a version's run; or why they can't be had, and whether asking again may help. */
export type RunFigures =
  | { readonly run: string; readonly metrics: Readonly<Record<string, number>> }
  | { readonly problem: string; readonly unread?: boolean };

interface LiveDeployment {
  readonly properties: { readonly model?: string };
}

/** Of the run behind the model that a deployment serves. */
export async function figuresOfDeployment(arm: Arm, deploymentId: string): Promise<RunFigures> {
  try {
    const live = await arm.read<LiveDeployment>(deploymentId, { apiVersion: ML_API_VERSION });
    return await figuresOfModel(arm, workspaceIdOf(deploymentId), live?.properties.model);
  } catch (error) {
    return { problem: (error as Error).message, unread: true };
  }
}

/** @param model as a deployment names it */
export async function figuresOfModel(arm: Arm, workspaceId: string, model: unknown): Promise<RunFigures> {
  const versionId = typeof model === "string" ? versionIdOf(workspaceId, model) : undefined;
  if (versionId === undefined)
    return { problem: "it is none of the workspace's registered ones, which alone lead to runs" };
  try {
    const version = await readVersion(arm, versionId);
    if (version === undefined) return { problem: "the workspace has no such version any more" };
    const folder = await folderOf(arm, workspaceId, version);
    const runId = await runIdOf(version, folder);
    if (runId === undefined)
      return typeof folder === "string"
        ? { problem: `its MLmodel can't be read: ${folder}`, unread: true }
        : { problem: "neither the version nor its MLmodel names one: log the model in a run" };
    const run = await readRun(arm, workspaceId, runId);
    return run === undefined ? { problem: `this workspace's MLflow has no run ${runId}` } : figuresOfRun(run);
  } catch (error) {
    return { problem: (error as Error).message, unread: true };
  }
}

/** Those that are numbers: NaN and infinity are none. */
export function figuresOfRun({ info, data }: MlflowRun): RunFigures {
  const metrics = (data.metrics ?? []).filter(({ value }) => Number.isFinite(value));
  return { run: info.run_id, metrics: Object.fromEntries(metrics.map(({ key, value }) => [key, value])) };
}

/** Deployments by their share of the traffic, the largest first. */
export function byShare(traffic: Readonly<Record<string, number>>): string[] {
  return Object.keys(traffic).sort((one, other) => (traffic[other] ?? 0) - (traffic[one] ?? 0));
}
