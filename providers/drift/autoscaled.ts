import type { Difference } from "./differences";
import type { SeenResource } from "./events";
import { isRecord, means } from "./same";

const SETTING = /^azure-native:monitor(\/v\w+)?:AutoscaleSetting$/;

/** Whether a number of machines is one that an autoscale setting of the stack may have given. */
export function isAutoscaled(
  { path, live }: Difference,
  { new: now }: SeenResource,
  all: readonly SeenResource[],
): boolean {
  if (path.join(".") !== "sku.capacity" || typeof live !== "number") return false;
  return all.some(({ type, new: setting }) => {
    if (!SETTING.test(type) || setting === undefined) return false;
    const { targetResourceUri, enabled, profiles } = setting.inputs;
    if (!means(targetResourceUri, now?.id) || enabled === false || !Array.isArray(profiles)) return false;
    return profiles.some((profile: unknown) => isWithin(profile, live));
  });
}

function isWithin(profile: unknown, machines: number): boolean {
  const capacity = isRecord(profile) ? profile["capacity"] : undefined;
  if (!isRecord(capacity)) return false;
  return machines >= Number(capacity["minimum"]) && machines <= Number(capacity["maximum"]);
}
