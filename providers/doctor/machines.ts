import type { Arm } from "../clients/arm";
import { readQuota } from "../quota/read";
import { coresFor, shortage, type Usage, type VmSize } from "../quota/quota";
import { ok, problem, unknown, type Finding } from "./finding";

export interface WantedMachines {
  readonly instanceType: string;
  readonly instances: number;
  /** Region, as `westeurope`. */
  readonly location: string;
}

/** @param workspaceId of the workspace, or of any resource of the subscription's where there is none. @throws ArmError */
export async function machineFinding(
  arm: Arm,
  workspaceId: string,
  wanted: WantedMachines,
): Promise<Finding> {
  const { usages, sizes } = await readQuota(arm, workspaceId, wanted.location);
  return quotaFinding(workspaceId, wanted, usages, sizes);
}

export function quotaFinding(
  workspaceId: string,
  { instanceType, instances, location }: WantedMachines,
  usages: readonly Usage[],
  sizes: readonly VmSize[],
): Finding {
  const about = `quota of ${instanceType}`;
  const size = sizes.find(({ name }) => name.toLowerCase() === instanceType.toLowerCase());
  if (size === undefined)
    return unknown(
      about,
      `${location} tells no such size`,
      `az ml compute list-sizes --location ${location}`,
    );
  const short = shortage({ workspaceId, size, instances }, usages);
  if (short === undefined)
    return ok(about, `${coresFor({ size, instances })} cores for ${instances} in ${location} are there`);
  return problem(
    about,
    `in ${location} ${short}`,
    "more by Azure ML studio, Quota; or a smaller instanceType, or fewer instances",
  );
}
