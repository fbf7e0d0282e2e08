import type { JsonObject } from "../json";
import { isObject } from "./values";

/**
 * The new inputs with what `ignoreChanges` names as it is in the old ones. The engine itself does that before an update; when it shows
 * what a refresh found, it leaves it to the provider ("a set of property paths that should be treated as unchanged", provider.proto).
 *
 * @param paths properties with dots between their parts
 */
export function withoutIgnored(
  oldInputs: JsonObject,
  newInputs: JsonObject,
  paths: readonly string[],
): JsonObject {
  return paths.reduce((inputs, path) => treatedAsUnchanged(oldInputs, inputs, path.split(".")), newInputs);
}

function treatedAsUnchanged(
  old: JsonObject,
  now: JsonObject,
  [key = "", ...deeper]: readonly string[],
): JsonObject {
  const before = old[key];
  if (deeper.length === 0) return { ...now, [key]: before };
  const after = now[key];
  if (!isObject(before) || !isObject(after)) return now;
  return { ...now, [key]: treatedAsUnchanged(before, after, deeper) };
}
