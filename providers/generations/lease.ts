import { RestError, type ContainerClient } from "@azure/storage-blob";
import { setTimeout as wait } from "node:timers/promises";
import { resourceParts } from "../clients/arm-id";
import { onceAllowed } from "../clients/blob";
import { deadlineIn } from "../clients/deadline";
import { ProviderError } from "../clients/errors";
import { blobName } from "./store";

/** Azure's shortest lease (they are 15 to 60 seconds): this is how long the next writer waits after a kill. */
const LEASE_SECONDS = 15;
const RENEW_INTERVAL = 4_000;
const RETRY_INTERVAL = 2_000;
/** Minutes in which a new role on the storage account takes effect. */
const ROLE_MINUTES = 15;

/**
 * Does the work as the endpoint's only writer of traffic. Azure has no ETags for endpoints; a lease on a blob in the workspace's store stands
 * for them.
 *
 * @param container the workspace's own
 * @param work is given a function that throws when the lease is lost: to be called before each write
 * @param isAbandoned whether nobody waits for the work any more: the lease is given up then
 * @throws ProviderError where somebody else holds it
 */
export async function asOnlyWriter<T>(
  container: ContainerClient,
  endpointId: string,
  say: (line: string) => void,
  work: (mustHold: () => void) => Promise<T>,
  isAbandoned: () => Promise<boolean> = async () => false,
): Promise<T> {
  const { name } = resourceParts(endpointId);
  const blob = container.getBlockBlobClient(blobName(endpointId, "lease"));
  await onceAllowed(container, () => makeIfMissing(blob), deadlineIn(ROLE_MINUTES), say);
  const lease = blob.getBlobLeaseClient();
  await acquire(() => lease.acquireLease(LEASE_SECONDS), name, say);
  let heldUntil = Date.now() + LEASE_SECONDS * 1000;
  const renew = async (): Promise<void> => {
    if (heldUntil === 0) return;
    const asked = Date.now();
    if (await isAbandoned()) {
      heldUntil = 0;
      await lease.releaseLease().catch(() => undefined);
      return;
    }
    await lease.renewLease().then(
      () => void (heldUntil = asked + LEASE_SECONDS * 1000),
      (error: unknown) => {
        if (isConflict(error)) heldUntil = 0;
      },
    );
  };
  const renewing = setInterval(() => void renew(), RENEW_INTERVAL);
  try {
    return await work(() => {
      if (Date.now() < heldUntil) return;
      throw new ProviderError({
        what:
          heldUntil === 0
            ? "another writer has taken over this endpoint's rollout"
            : `the lease on this endpoint's rollout could not be renewed for ${LEASE_SECONDS} s`,
        where: endpointId,
        tryThis: "the same command again when the other has ended",
      });
    });
  } finally {
    clearInterval(renewing);
    await lease.releaseLease().catch(() => undefined);
  }
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
