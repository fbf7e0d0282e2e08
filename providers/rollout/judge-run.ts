import type { Arm } from "../clients/arm";
import { workspaceIdOf } from "../clients/arm-id";
import { figuresOfDeployment, figuresOfModel } from "../lineage/figures";
import type { Judged } from "./gates";
import { isRelative, judgeRunMetrics, type RunMetric } from "./run-metrics";

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
  const [candidate, baseline] = await Promise.all([
    figuresOfModel(arm, workspaceIdOf(endpointId), model),
    serving === undefined || !limits.some(isRelative)
      ? undefined
      : figuresOfDeployment(arm, `${endpointId}/deployments/${serving}`),
  ]);
  return judgeRunMetrics(limits, candidate, baseline);
}
