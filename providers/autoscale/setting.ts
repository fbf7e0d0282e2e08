import type { Arm } from "../clients/arm";
import { ArmError } from "../clients/arm-error";
import { resourceGroupIdOf } from "../clients/arm-id";
import { AUTOSCALE_API_VERSION } from "./body";

interface Setting {
  readonly properties: { readonly enabled?: boolean; readonly targetResourceUri?: string };
}

/**
 * Whether an enabled autoscale setting of the deployment's resource group targets the deployment.
 *
 * @param deploymentId ARM id
 * @returns undefined where the settings may not be read
 * @throws ArmError of everything else
 */
export async function isAutoscaled(arm: Arm, deploymentId: string): Promise<boolean | undefined> {
  const settings = `${resourceGroupIdOf(deploymentId)}/providers/Microsoft.Insights/autoscaleSettings`;
  try {
    const all = await arm.list<Setting>(settings, { apiVersion: AUTOSCALE_API_VERSION });
    return all.some(
      ({ properties: { enabled, targetResourceUri } }) =>
        enabled === true && targetResourceUri?.toLowerCase() === deploymentId.toLowerCase(),
    );
  } catch (error) {
    if (error instanceof ArmError && error.status === 403) return undefined;
    throw error;
  }
}
