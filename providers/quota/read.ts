import { ML_API_VERSION, type Arm } from "../clients/arm";
import { resourceParts } from "../clients/arm-id";
import type { Usage, VmSize } from "./quota";

interface WireUsage {
  readonly id?: string;
  readonly name?: { readonly value?: string };
  readonly currentValue?: number;
  readonly limit?: number;
}

interface WireSize {
  readonly name?: string;
  readonly family?: string;
  readonly vCPUs?: number;
}

const request = { apiVersion: ML_API_VERSION };

/** What Azure Machine Learning has of the subscription's quota, and the sizes that it is counted in. @throws ArmError */
export async function readQuota(
  arm: Arm,
  workspaceId: string,
  location: string,
): Promise<{ readonly usages: Usage[]; readonly sizes: VmSize[] }> {
  const { subscriptionId } = resourceParts(workspaceId);
  const region = location.toLowerCase().replaceAll(" ", "");
  const place = `/subscriptions/${subscriptionId}/providers/Microsoft.MachineLearningServices/locations/${region}`;
  const [usages, sizes] = await Promise.all([
    arm.list<WireUsage>(`${place}/usages`, request),
    arm.list<WireSize>(`${place}/vmSizes`, request),
  ]);
  return {
    usages: usages.map(({ id = "", name, currentValue = 0, limit = -1 }) => ({
      id,
      name: name?.value ?? "",
      used: currentValue,
      limit,
    })),
    sizes: sizes.map(({ name = "", family = "", vCPUs = 0 }) => ({ name, family, cores: vCPUs })),
  };
}
