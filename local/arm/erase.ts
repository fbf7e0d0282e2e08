import { type Arm, type EraseOptions, type ResourceTypes, rowOf } from "./resource-type";
import type { StoredResource } from "./store";

const depth = ({ id }: StoredResource): number => id.split("/").length;

/** Deletes a resource with all that is under it, the deepest first, each with what goes with it. */
export async function erase(
  arm: Arm,
  types: ResourceTypes,
  resource: StoredResource,
  options: EraseOptions,
): Promise<void> {
  const under = arm.store.list(`${resource.id}/`).sort((a, b) => depth(b) - depth(a));
  for (const doomed of [...under, resource]) {
    await rowOf(types, doomed)?.erase?.(arm, doomed, options);
    await arm.store.delete(doomed.id);
  }
}
