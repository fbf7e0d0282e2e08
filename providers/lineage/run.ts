import { parse } from "yaml";
import type { AssetVersion } from "../assets/versions";
import type { Arm } from "../clients/arm";
import { createMlflow } from "../clients/mlflow";
import { childRuns, getRun, type MlflowRun } from "../clients/mlflow-tracking";
import { openMlflow } from "../mlflow-place";
import { sameNames } from "../models/lineage";
import { modelFolder, readMlmodel, type ModelFolder } from "./files";

/** A version's files; why not, where who asks can't reach them. */
export async function folderOf(
  arm: Arm,
  workspaceId: string,
  { properties }: AssetVersion,
): Promise<ModelFolder | string> {
  try {
    return await modelFolder(arm, workspaceId, String(properties["modelUri"]));
  } catch (error) {
    return (error as Error).message;
  }
}

/** The run that the version names, or else the model's own file. */
export async function runIdOf(
  { properties }: AssetVersion,
  folder: ModelFolder | string,
): Promise<string | undefined> {
  const named = properties["jobName"];
  if (typeof named === "string" && named !== "") return named;
  const { runId } = sameNames(properties.properties ?? {});
  if (runId !== undefined) return runId;
  if (typeof folder === "string") return undefined;
  const text = await readMlmodel(folder).catch(() => undefined);
  return text === undefined ? undefined : runIdIn(text);
}

/** The run that an `MLmodel` file names. */
export function runIdIn(mlmodel: string): string | undefined {
  const { run_id } = (parse(mlmodel) as { run_id?: unknown } | null) ?? {};
  return typeof run_id === "string" && run_id !== "" ? run_id : undefined;
}

/** A run of the workspace's MLflow. @returns undefined where there is none. @throws MlflowError, ProviderError */
export async function readRun(arm: Arm, workspaceId: string, runId: string): Promise<MlflowRun | undefined> {
  const mlflow = await openMlflow({ workspaceId }, createMlflow, () => arm);
  return await getRun(mlflow, runId);
}

/** The runs below one of the workspace's MLflow; none where there is no such run. @throws MlflowError, ProviderError */
export async function readChildRuns(
  arm: Arm,
  workspaceId: string,
  runId: string,
): Promise<readonly MlflowRun[]> {
  const mlflow = await openMlflow({ workspaceId }, createMlflow, () => arm);
  const parent = await getRun(mlflow, runId);
  return parent === undefined ? [] : await childRuns(mlflow, parent);
}
