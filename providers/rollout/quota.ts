import type { Arm } from "../clients/arm";
import { ArmError } from "../clients/arm-error";
import { workspaceIdOf } from "../clients/arm-id";
import { shortage } from "../quota/quota";
import { readQuota } from "../quota/read";
import type { DeploymentBody } from "./azure";
import { instancesFor } from "./capacity";
import type { Action, Evidence, Journal, Observed, RolloutSpec } from "./types";

/** What has to be known of the quota before the wanted generation is made; undefined where it may be, or is there already. */
export function quotaFirst(spec: RolloutSpec, observed: Observed, journal: Journal): Action | undefined {
  const { generation } = spec;
  if (generation in observed.deployments) return undefined;
  const { quota } = observed.evidence;
  if (quota === undefined)
    return { kind: "quota", generation, instances: instancesFor(spec, observed, journal) };
  if (quota.shortage === undefined) return undefined;
  return {
    kind: "fail",
    reason: `the quota is short, and nothing was made: ${quota.shortage}`,
    tryThis:
      "more quota (https://ml.azure.com/quota), fewer `instances` or `keepGenerations`, or another `instanceType`; then the same command again",
  };
}

/** Looks at the quota. Who may not read it, or a size that Azure does not tell, is said, and stops nothing. */
export async function lookAtQuota(
  arm: Arm,
  endpointId: string,
  { location, properties }: DeploymentBody,
  instances: number,
  say: (line: string) => void,
): Promise<NonNullable<Evidence["quota"]>> {
  const workspaceId = workspaceIdOf(endpointId);
  const type = String(properties["instanceType"]);
  try {
    const { usages, sizes } = await readQuota(arm, workspaceId, location);
    const size = sizes.find(({ name }) => name.toLowerCase() === type.toLowerCase());
    if (size === undefined) {
      say(`warning: whether the quota is enough is not known: Azure tells of no ${type} in ${location}`);
      return {};
    }
    const short = shortage({ workspaceId, size, instances }, usages);
    return short === undefined ? {} : { shortage: short };
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    say(`warning: whether the quota is enough can't be read: ${error.message}`);
    return {};
  }
}
