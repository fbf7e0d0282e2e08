import type { Kernel } from "./call";
import { type ArmPath, formatArmPath, isResource, parentOf, typeOf } from "./path";

/**
 * The id of the resource that the path names, in the case it is stored in; a new one's is its parent's stored id, its type in Azure's
 * own case and its name as the client writes it.
 */
export function canonicalId({ store, types }: Pick<Kernel, "store" | "types">, path: ArmPath): string {
  const written = formatArmPath(path);
  const stored = store.get(written);
  if (stored !== undefined || !isResource(path)) return stored?.id ?? written;
  const row = types.get(String(typeOf(path)).toLowerCase());
  const last = path.providers.at(-1);
  if (row === undefined || last === undefined) return written;
  const parent = canonicalId({ store, types }, parentOf(path));
  const [namespace, ...type] = row.type.split("/");
  const within = last.types.length > 1 ? "" : `/providers/${namespace}`;
  return `${parent}${within}/${type.at(-1)}/${last.names.at(-1)}`;
}

/** `/subscriptions/{s}/resourceGroups/{g}` of an id; undefined above resource groups. */
export function resourceGroupOf(id: string): string | undefined {
  return /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+/i.exec(id)?.[0];
}

/** The id without its last type and name. */
export function parentId(id: string): string {
  return id.split("/").slice(0, -2).join("/");
}
