import type { OnlineDeploymentSpec } from "../arm/effects";
import type { Store } from "../arm/store";
import { deploymentSpec } from "../arm/types/machinelearning/deployment-spec";
import type { JsonObject } from "../json";

const DEPLOYMENT_ID = /\/onlineendpoints\/[^/]+\/deployments\/[^/]+$/i;

/** The online deployments that served when the local Azure ended: what `Scoring.resume` takes. */
export function succeededDeployments(store: Store): OnlineDeploymentSpec[] {
  return store.list("/subscriptions/").flatMap((resource) => {
    const { provisioningState } = (resource.body["properties"] ?? {}) as JsonObject;
    if (!DEPLOYMENT_ID.test(resource.id) || provisioningState !== "Succeeded") return [];
    try {
      return [deploymentSpec(store, resource)];
    } catch {
      // Its model was archived or deleted since: there is nothing to start it from.
      return [];
    }
  });
}
