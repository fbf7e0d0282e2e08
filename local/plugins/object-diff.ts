import type { Json, JsonObject } from "../json";
import type { PropertyChange } from "./provider";
import { equal, isObject } from "./values";

/**
 * The changes from one object to another by property path (`properties.traffic["a.b"]`, `rules[0].action`), each as deep as it can be
 * named. Properties that begin with two underscores are the provider's own and ignored.
 *
 * @param replaces whether a change at this path, list indexes written `[]`, asks for a new resource. A property that does makes
 * everything below it do so.
 */
export function changesOf(
  before: JsonObject,
  after: JsonObject,
  replaces: (path: string) => boolean,
): Map<string, PropertyChange> {
  const changes = new Map<string, PropertyChange>();

  const compare = (
    left: Json | undefined,
    right: Json | undefined,
    path: string,
    rule: string,
    inherited: boolean,
  ): void => {
    if (equal(left, right)) return;
    const replacing = inherited || replaces(rule);
    if (isObject(left) && isObject(right)) {
      for (const key of keysOf(left, right)) {
        compare(left[key], right[key], joinPath(path, key), rule === "" ? key : `${rule}.${key}`, replacing);
      }
    } else if (Array.isArray(left) && Array.isArray(right)) {
      for (let index = 0; index < Math.max(left.length, right.length); index++) {
        compare(left[index], right[index], `${path}[${index}]`, `${rule}[]`, replacing);
      }
    } else {
      changes.set(path, {
        kind: left === undefined ? "add" : right === undefined ? "delete" : "update",
        replaces: replacing,
      });
    }
  };

  for (const key of keysOf(before, after)) {
    if (!key.startsWith("__")) compare(before[key], after[key], joinPath("", key), key, false);
  }
  return changes;
}

/**
 * `inputs` with what changed between two readings of the resource: properties that a program did not set are taken up only when
 * somebody else changed them, so that values Azure fills in are no drift.
 */
export function withChanges(inputs: JsonObject, before: JsonObject, after: JsonObject): JsonObject {
  const result = new Map(Object.entries(inputs));
  for (const key of keysOf(before, after)) {
    const [input, left, right] = [inputs[key], before[key], after[key]];
    if (equal(left, right)) continue;
    if (right === undefined) result.delete(key);
    else
      result.set(
        key,
        left === undefined || input === undefined ? right : valueWithChanges(input, left, right),
      );
  }
  return Object.fromEntries(result);
}

function valueWithChanges(input: Json, before: Json, after: Json): Json {
  if (isObject(input) && isObject(before) && isObject(after)) return withChanges(input, before, after);
  if (Array.isArray(input) && Array.isArray(before) && Array.isArray(after)) {
    return after.map((item, index) => {
      const [own, old] = [input[index], before[index]];
      return own === undefined || old === undefined
        ? item
        : equal(old, item)
          ? own
          : valueWithChanges(own, old, item);
    });
  }
  return after;
}

function keysOf(left: JsonObject, right: JsonObject): string[] {
  return [...new Set([...Object.keys(left), ...Object.keys(right)])];
}

function joinPath(base: string, key: string): string {
  if (!/^[\w-]+$/.test(key)) return `${base}[${JSON.stringify(key)}]`;
  return base === "" ? key : `${base}.${key}`;
}
