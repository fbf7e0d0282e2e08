import type { ContainerClient } from "@azure/storage-blob";
import { blobDatastore, WORKSPACE_BLOB_STORE } from "../assets/upload";
import type { Arm } from "../clients/arm";
import { resourceParts, workspaceIdOf } from "../clients/arm-id";
import { containerClient } from "../clients/blob";

/** What a rollout keeps beside the journal in the endpoint's tags. */
export type Kept = "lease" | "history.jsonl" | "spec.json";

/** The container of the workspace's own store: what every workspace has. @throws ProviderError */
export async function workspaceContainer(arm: Arm, endpointId: string): Promise<ContainerClient> {
  const workspaceId = workspaceIdOf(endpointId);
  const { account, containerName } = await blobDatastore(arm, workspaceId, WORKSPACE_BLOB_STORE);
  return containerClient(account, containerName);
}

/** The path of a blob of an endpoint's rollout in that container. */
export function blobName(endpointId: string, kept: Kept): string {
  return `pulumi-azureml/rollouts/${resourceParts(endpointId).name}.${kept}`;
}
