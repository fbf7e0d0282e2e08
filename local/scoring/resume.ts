import type { OnlineDeploymentSpec } from "../arm/effects";
import type { Store } from "../arm/store";
import { deploymentSpec } from "../arm/types/machinelearning/deployment-spec";
import type { JsonObject } from "../json";

const DEPLOYMENT_ID = /\/onlineendpoints\/[^/]+\/deployments\/[^/]+$/i;

/**
 * The online deployments that served when the local Azure ended: what `Scoring.resume` takes. One whose change failed, or was under way, served
 * what it had before.
 *
 * @param served what a deployment last served, by its ARM id
 */
export function servingDeployments(
  store: Store,
  served: (deploymentId: string) => OnlineDeploymentSpec | undefined,
): OnlineDeploymentSpec[] {
  return store.list("/subscriptions/").flatMap((resource) => {
    if (!DEPLOYMENT_ID.test(resource.id)) return [];
    const { provisioningState } = (resource.body["properties"] ?? {}) as JsonObject;
    if (provisioningState === "Deleting") return [];
    if (provisioningState !== "Succeeded") return served(resource.id) ?? [];
    try {
      return [deploymentSpec(store, resource)];
    } catch {
      // Its model was archived or deleted since: there is nothing to start it from.
      return [];
    }
  });
}
