import { RestError, type ContainerClient } from "@azure/storage-blob";
import { setTimeout as wait } from "node:timers/promises";
import { ML_API_VERSION, type Arm } from "../clients/arm";
import { resourceParts } from "../clients/arm-id";
import { containerClient, onceAllowed } from "../clients/blob";
import { deadlineIn } from "../clients/deadline";
import { ProviderError } from "../clients/errors";

/** Azure's leases are 15 to 60 seconds; this is how long the next writer waits after a kill. */
const LEASE_SECONDS = 30;
const RENEW_INTERVAL = 10_000;
const RETRY_INTERVAL = 2_000;
/** Minutes in which a new role on the storage account takes effect. */
const ROLE_MINUTES = 15;

interface BlobDatastore {
  readonly properties: {
    readonly accountName: string;
    readonly containerName: string;
    readonly endpoint?: string;
    readonly protocol?: string;
  };
}

/**
 * Does the work as the endpoint's only writer of traffic. Azure has no ETags for endpoints; a lease on a blob in the workspace's store stands
 * for them.
 *
 * @param work is given a function that throws when the lease is lost: to be called before each write
 * @throws ProviderError where somebody else holds it
 */
export async function asOnlyWriter<T>(
  arm: Arm,
  endpointId: string,
  say: (line: string) => void,
  work: (mustHold: () => void) => Promise<T>,
): Promise<T> {
  const container = await workspaceContainer(arm, endpointId.replace(/\/onlineEndpoints\/.*$/i, ""));
  const { name } = resourceParts(endpointId);
  const blob = container.getBlockBlobClient(`pulumi-azureml/rollouts/${name}.lease`);
  await onceAllowed(container, () => makeIfMissing(blob), deadlineIn(ROLE_MINUTES), say);
  const lease = blob.getBlobLeaseClient();
  await acquire(() => lease.acquireLease(LEASE_SECONDS), name, say);
  let heldUntil = Date.now() + LEASE_SECONDS * 1000;
  const renewing = setInterval(() => {
    const asked = Date.now();
    lease.renewLease().then(
      () => void (heldUntil = asked + LEASE_SECONDS * 1000),
      (error: unknown) => {
        if (isConflict(error)) heldUntil = 0;
      },
    );
  }, RENEW_INTERVAL);
  try {
    return await work(() => {
      if (Date.now() < heldUntil) return;
      throw new ProviderError({
        what: "another writer has taken over this endpoint's rollout",
        where: endpointId,
        tryThis: "the same command again when the other has ended",
      });
    });
  } finally {
    clearInterval(renewing);
    await lease.releaseLease().catch(() => undefined);
  }
}

async function workspaceContainer(arm: Arm, workspaceId: string): Promise<ContainerClient> {
  const id = `${workspaceId}/datastores/workspaceblobstore`;
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

async function makeIfMissing(blob: ReturnType<ContainerClient["getBlockBlobClient"]>): Promise<void> {
  try {
    await blob.upload("", 0, { conditions: { ifNoneMatch: "*" } });
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}

async function acquire(
  take: () => Promise<unknown>,
  endpoint: string,
  say: (line: string) => void,
): Promise<void> {
  const end = Date.now() + (LEASE_SECONDS + 5) * 1000;
  for (let said = false; ; said = true) {
    try {
      await take();
      return;
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
    if (Date.now() > end)
      throw new ProviderError({
        what: "somebody else is rolling this endpoint forward",
        where: endpoint,
        tryThis: "the same command again when the other has ended",
      });
    if (!said)
      say(`${endpoint}: waiting for another writer, or for what a killed one left (${LEASE_SECONDS} s)`);
    await wait(RETRY_INTERVAL);
  }
}

/** Somebody else has the lease, or the blob is there. */
function isConflict(error: unknown): boolean {
  return error instanceof RestError && (error.statusCode === 409 || error.statusCode === 412);
}
