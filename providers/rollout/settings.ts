import {
  AUTOSCALE_API_VERSION,
  autoscaleBody,
  autoscaleId,
  type AutoscaleBody,
  type AutoscaleSpec,
} from "../autoscale/body";
import { autoscaleOf } from "../autoscale/spec";
import type { Arm } from "../clients/arm";
import { ArmError } from "../clients/arm-error";
import { resourceGroupIdOf } from "../clients/arm-id";
import { GENERATION_TAG } from "../generations/generation";
import type { DeploymentBody } from "./azure";
import type { ObservedSetting } from "./types";

interface Setting {
  readonly id: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties: Partial<AutoscaleBody["properties"]> & { readonly enabled?: boolean };
}

const request = { apiVersion: AUTOSCALE_API_VERSION };

/**
 * The autoscale settings of the endpoint's resource group that are about its deployments.
 *
 * @returns undefined where they may not be read
 * @throws ArmError of everything else
 */
export async function readSettings(arm: Arm, endpointId: string): Promise<ObservedSetting[] | undefined> {
  const place = `${resourceGroupIdOf(endpointId)}/providers/Microsoft.Insights/autoscaleSettings`;
  const prefix = `${endpointId}/deployments/`.toLowerCase();
  try {
    const all = await arm.list<Setting>(place, request);
    return all.flatMap(({ id, tags = {}, properties }) => {
      const { targetResourceUri: target = "", enabled = false, profiles } = properties;
      if (!target.toLowerCase().startsWith(prefix)) return [];
      const deployment = target.slice(prefix.length).toLowerCase();
      const autoscale =
        enabled && profiles !== undefined
          ? autoscaleOf(`${endpointId}/deployments/${deployment}`, { profiles })
          : undefined;
      return [
        {
          id,
          deployment,
          ours: GENERATION_TAG in tags,
          enabled,
          ...(autoscale === undefined ? {} : { autoscale }),
        },
      ];
    });
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    // The subscription has no Microsoft.Insights, or the group is gone.
    if (error.status === 404) return [];
    if (error.status === 403) return undefined;
    throw error;
  }
}

/** Writes the setting of one of the rollout's own deployments. @throws ArmError */
export async function attach(
  arm: Arm,
  endpointId: string,
  deployment: string,
  { location, tags }: DeploymentBody,
  autoscale: AutoscaleSpec,
): Promise<void> {
  const deploymentId = `${endpointId}/deployments/${deployment}`;
  const target = { deploymentId, location, tags: { ...tags, [GENERATION_TAG]: deployment } };
  await arm.put(autoscaleId(deploymentId), { ...request, body: autoscaleBody(target, autoscale) });
}

/** Deletes the setting that `attach` wrote, if there is one. @throws ArmError */
export async function detach(arm: Arm, endpointId: string, deployment: string): Promise<void> {
  await arm.remove(autoscaleId(`${endpointId}/deployments/${deployment}`), request);
}
