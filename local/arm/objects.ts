import type { Json, JsonObject } from "../json";

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object under a key; empty when there is none. */
export function objectAt(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isObject(value) ? value : {};
}

export function stringAt(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === "string" ? value : undefined;
}

export function numberAt(object: JsonObject, key: string): number | undefined {
  const value = object[key];
  return typeof value === "number" ? value : undefined;
}

/** `object` without absent and null members, `defaults` under it, through all levels of plain objects. */
export function withDefaults(object: JsonObject, defaults: JsonObject): JsonObject {
  const result: JsonObject = { ...defaults };
  for (const [key, value] of Object.entries(object)) {
    const standard = defaults[key];
    if (value === undefined || value === null) continue;
    result[key] = isObject(value) && isObject(standard) ? withDefaults(value, standard) : value;
  }
  return result;
}

/** The object without some of its members. */
export function omit(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** JSON merge patch (RFC 7396), as ARM's PATCH. */
export function merged(target: JsonObject, patch: JsonObject): JsonObject {
  const changed = Object.entries(patch).filter(([, value]) => value !== undefined);
  const result = omit(
    target,
    changed.filter(([, value]) => value === null).map(([key]) => key),
  );
  for (const [key, value] of changed) {
    if (isObject(value)) result[key] = merged(objectAt(target, key), value);
    else if (value !== null) result[key] = value;
  }
  return result;
}

/** The members of `object` that `keys` name and that are there. */
export function pick(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(
    keys.filter((key) => object[key] !== undefined && object[key] !== null).map((key) => [key, object[key]]),
  );
}

/** Whether all of `part` is in `whole` with the same values; `null` is as good as absent. */
export function includes(whole: Json | undefined, part: Json | undefined): boolean {
  if (part === undefined || part === null) return true;
  if (isObject(part)) {
    return isObject(whole) && Object.entries(part).every(([key, value]) => includes(whole[key], value));
  }
  if (Array.isArray(part)) {
    return (
      Array.isArray(whole) &&
      whole.length === part.length &&
      part.every((item, index) => includes(whole[index], item))
    );
  }
  return whole === part;
}
