import { ML_API_VERSION, type Arm } from "../clients/arm";
import { ArmError } from "../clients/arm-error";
import { deadlineIn, type Deadline } from "../clients/deadline";
import { ProviderError } from "../clients/errors";

interface LiveWorkspace {
  readonly properties: {
    readonly managedNetwork?: {
      readonly isolationMode?: string;
      readonly status?: { readonly status?: string };
    };
  };
}

/** Minutes that Azure has: half an hour as a rule, more with many rules. */
const ALLOWANCE = 90;
/** How often a network that somebody else provisions is looked at, in milliseconds. */
const LOOK_EVERY = 15_000;

export async function isProvisioned(arm: Arm, workspaceId: string): Promise<boolean> {
  const workspace = await arm.read<LiveWorkspace>(workspaceId, { apiVersion: ML_API_VERSION });
  return workspace?.properties.managedNetwork?.status?.status === "Active";
}

/**
 * Brings a workspace's managed network up and waits until it is; one that is up is left as it is.
 *
 * @param say told once that it takes its time
 * @throws ArmError, ProviderError at the deadline, or where Azure says that it is done and the network is not up
 */
export async function provision(
  arm: Arm,
  workspaceId: string,
  say: (line: string) => void,
  deadline: Deadline = deadlineIn(ALLOWANCE),
): Promise<void> {
  if (await isProvisioned(arm, workspaceId)) return;
  say("provisioning the workspace's managed network; Azure takes up to half an hour");
  try {
    const request = { apiVersion: ML_API_VERSION, body: { includeSpark: false }, deadline };
    await arm.post(`${workspaceId}/provisionManagedNetwork`, request);
  } catch (error) {
    if (!(error instanceof ArmError && error.status === 409)) throw error;
    // Under way already: an earlier run's that was interrupted, or a compute's.
    while (!(await isProvisioned(arm, workspaceId)) && (await deadline.sleep(LOOK_EVERY)));
  }
  if (await isProvisioned(arm, workspaceId)) return;
  throw new ProviderError({
    what: "the managed network is not provisioned although Azure has ended",
    where: workspaceId,
    tryThis: "the same command again; the workspace's outbound rules in the portal say which of them failed",
  });
}
