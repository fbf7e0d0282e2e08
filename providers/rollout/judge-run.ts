import { readVersion } from "../assets/versions";
import { ML_API_VERSION, type Arm } from "../clients/arm";
import { versionIdOf, workspaceIdOf } from "../clients/arm-id";
import { folderOf, readRun, runIdOf } from "../lineage/run";
import type { DeploymentBody } from "./azure";
import type { Judged } from "./gates";
import { judgeRunMetrics, type RunFigures, type RunMetric } from "./run-metrics";

/**
 * What the metrics of a model's registered run say. What can't be read is an error, and no failure.
 *
 * @param model as the deployment names it
 * @param serving name of the deployment that serves, if there is one
 */
export async function judgeRun(
  arm: Arm,
  endpointId: string,
  limits: readonly RunMetric[],
  model: unknown,
  serving: string | undefined,
): Promise<Judged> {
  const workspaceId = workspaceIdOf(endpointId);
  const isRelative = limits.some(({ maxDrop, maxRise }) => maxDrop !== undefined || maxRise !== undefined);
  const [candidate, baseline] = await Promise.all([
    figuresOfModel(arm, workspaceId, model),
    serving === undefined || !isRelative
      ? undefined
      : figuresOfDeployment(arm, workspaceId, `${endpointId}/deployments/${serving}`),
  ]);
  return judgeRunMetrics(limits, candidate, baseline);
}

async function figuresOfDeployment(arm: Arm, workspaceId: string, id: string): Promise<RunFigures> {
  try {
    const live = await arm.read<Pick<DeploymentBody, "properties">>(id, { apiVersion: ML_API_VERSION });
    return await figuresOfModel(arm, workspaceId, live?.properties["model"]);
  } catch (error) {
    return { problem: (error as Error).message, unread: true };
  }
}

async function figuresOfModel(arm: Arm, workspaceId: string, model: unknown): Promise<RunFigures> {
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
    if (run === undefined) return { problem: `this workspace's MLflow has no run ${runId}` };
    const metrics = (run.data.metrics ?? []).filter(({ value }) => Number.isFinite(value));
    return { run: runId, metrics: Object.fromEntries(metrics.map(({ key, value }) => [key, value])) };
  } catch (error) {
    return { problem: (error as Error).message, unread: true };
  }
}
