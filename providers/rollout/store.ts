import type { ContainerClient } from "@azure/storage-blob";
import { ML_API_VERSION, type Arm } from "../clients/arm";
import { resourceParts } from "../clients/arm-id";
import { containerClient } from "../clients/blob";
import { ProviderError } from "../clients/errors";

interface BlobDatastore {
  readonly properties: {
    readonly accountName: string;
    readonly containerName: string;
    readonly endpoint?: string;
    readonly protocol?: string;
  };
}

/** What a rollout keeps beside the journal in the endpoint's tags. */
export type Kept = "lease" | "history.jsonl" | "spec.json";

/** The container of the workspace's own store: what every workspace has. @throws ProviderError */
export async function workspaceContainer(arm: Arm, endpointId: string): Promise<ContainerClient> {
  const id = `${endpointId.replace(/\/onlineEndpoints\/.*$/i, "")}/datastores/workspaceblobstore`;
  const datastore = await arm.read<BlobDatastore>(id, { apiVersion: ML_API_VERSION });
  if (datastore === undefined)
    throw new ProviderError({ what: "the workspace has no such datastore", where: id });
  const {
    accountName,
    containerName,
    endpoint = "core.windows.net",
    protocol = "https",
  } = datastore.properties;
  return containerClient(`${protocol}://${accountName}.blob.${endpoint}`, containerName);
}

/** The path of a blob of an endpoint's rollout in that container. */
export function blobName(endpointId: string, kept: Kept): string {
  return `pulumi-azureml/rollouts/${resourceParts(endpointId).name}.${kept}`;
}
