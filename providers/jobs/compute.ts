import { ML_API_VERSION, type Arm } from "../clients/arm";
import { quickly } from "../generations/quickly";
import { UNKNOWN } from "../rules";
import { NO_COMPUTE, tooSmall } from "./compute-problems";

interface LiveCompute {
  readonly properties: {
    readonly properties?: { readonly scaleSettings?: { readonly maxNodeCount?: number } | null } | null;
  };
}

/**
 * What is wrong with the compute that jobs are to run on, as one short read shows it. One that can't be read stops nothing.
 *
 * @param computeId ARM id; undefined where jobs have none of their own, or it is not known yet
 * @param instances machines that a job asks for
 * @param say is told of a cluster that is too small: the same `up` may make it larger
 * @returns why it can't be, where it is not there
 */
export async function computeProblem(
  arm: Arm,
  computeId: string | undefined,
  instances: unknown,
  say: (line: string) => void,
): Promise<string | undefined> {
  if (computeId === undefined || computeId.includes(UNKNOWN)) return undefined;
  const found = await quickly(arm.read<LiveCompute>(computeId, { apiVersion: ML_API_VERSION })).then(
    (live) => ({ live }),
    () => undefined,
  );
  if (found === undefined) return undefined;
  if (found.live === undefined) return NO_COMPUTE;
  const { maxNodeCount } = found.live.properties.properties?.scaleSettings ?? {};
  const small = tooSmall(computeId, maxNodeCount, instances);
  if (small !== undefined) say(small);
  return undefined;
}
