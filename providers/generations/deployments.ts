import { ML_API_VERSION, type Arm } from "../clients/arm";
import { ArmError } from "../clients/arm-error";
import { deadlineIn } from "../clients/deadline";

/** How long one deployment or one write may take, waiting for other operations included. */
export const OPERATION_MINUTES = 90;
const BUSY_INTERVAL = 5_000;

export type DeploymentState = "ready" | "changing" | "failed";

const states: Readonly<Record<string, DeploymentState>> = {
  Succeeded: "ready",
  Failed: "failed",
  Canceled: "failed",
};

/** @param provisioningState as ARM has it */
export function stateOf(provisioningState: string): DeploymentState {
  return states[provisioningState] ?? "changing";
}

/**
 * Makes or changes a deployment once no other operation holds its endpoint.
 *
 * @param id ARM id
 * @param mustHold is asked before each try
 * @returns why Azure won't have it; undefined when it is up
 */
export async function putDeployment(
  arm: Arm,
  id: string,
  body: object,
  mustHold: () => void,
): Promise<string | undefined> {
  try {
    await whenFree(mustHold, () => arm.put(id, { ...request(), body }));
    return undefined;
  } catch (error) {
    return reasonIn(error);
  }
}

/** Deletes a deployment once no other operation holds its endpoint. @param id ARM id @param mustHold is asked before each try */
export async function removeDeployment(arm: Arm, id: string, mustHold: () => void): Promise<void> {
  await whenFree(mustHold, () => arm.remove(id, request()));
}

const request = () => ({ apiVersion: ML_API_VERSION, deadline: deadlineIn(OPERATION_MINUTES) });

/** What Azure says against it. Throttling and outages say nothing about it: the next run tries again. */
export function reasonIn(error: unknown): string {
  if (error instanceof ArmError && error.status < 500 && error.status !== 429) return error.message;
  throw error;
}

/** Tries again while another operation holds the endpoint. @param mustHold is asked before each try */
async function whenFree(mustHold: () => void, work: () => Promise<unknown>): Promise<void> {
  for (const deadline = deadlineIn(OPERATION_MINUTES); ;) {
    mustHold();
    try {
      await work();
      return;
    } catch (error) {
      const busy = error instanceof ArmError && error.status === 409;
      if (!busy || !(await deadline.sleep(BUSY_INTERVAL))) throw error;
    }
  }
}
