import type { Json } from "../json";
import type { Limits } from "./model-table";

/** What the value must keep to and does not; undefined when it keeps to all, or is of a type that has no such limit. */
export function brokenLimit(limits: Limits, value: Json): string | undefined {
  if (typeof value === "string") {
    if (limits.pattern !== undefined && !new RegExp(limits.pattern).test(value))
      return `must match ${limits.pattern}`;
    return outside(value.length, limits.minLength, limits.maxLength, "must be of length");
  }
  if (typeof value === "number") return outside(value, limits.minimum, limits.maximum, "must be");
  if (Array.isArray(value)) return outside(value.length, limits.minItems, limits.maxItems, "must have items");
  return undefined;
}

function outside(size: number, least = -Infinity, most = Infinity, says: string): string | undefined {
  if (size < least) return `${says} ${least} or more`;
  return size > most ? `${says} ${most} or less` : undefined;
}
