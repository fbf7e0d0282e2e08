import { resourceParts } from "../clients/arm-id";

/** Why a job can't run on a compute that isn't there. */
export const NO_COMPUTE = "there is no such compute";

/** What to tell of a cluster that has fewer nodes, at most, than jobs ask for. */
export function tooSmall(
  computeId: string,
  most: number | undefined,
  instances: unknown,
): string | undefined {
  if (most === undefined || typeof instances !== "number" || instances <= most) return undefined;
  const nodes = most === 1 ? "node" : "nodes";
  return `${resourceParts(computeId).name} has ${most} ${nodes} at most, and jobs ask for ${instances}: Azure refuses that unless this \`up\` makes it larger`;
}
