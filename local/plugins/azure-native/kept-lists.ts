import type { Json, JsonObject } from "../../json";
import { isObject } from "../values";
import type { Row } from "./table";

/** The body of a create, in which lists that other resources write too are empty rather than missing. */
export function withEmptyLists(row: Row, body: JsonObject): JsonObject {
  return row.keptWhenUnset.reduce(
    (result, path) => (at(result, path) === undefined ? withValue(result, path, []) : result),
    body,
  );
}

/** The body of an update, in which such lists stay as they are live when the program does not set them. */
export function kept(row: Row, body: JsonObject, live: JsonObject): JsonObject {
  return row.keptWhenUnset.reduce((result, path) => {
    const value = at(live, path);
    return at(result, path) === undefined && value !== undefined ? withValue(result, path, value) : result;
  }, body);
}

/** Outputs without such lists, when the program does not set them: what others wrote there is not this program's input. */
export function withoutUnset(row: Row, outputs: JsonObject, inputs: JsonObject): JsonObject {
  return row.keptWhenUnset.reduce(
    (result, path) =>
      at(inputs, path) === undefined && at(result, path) !== undefined
        ? withValue(result, path, undefined)
        : result,
    outputs,
  );
}

/** Without false, empty texts and empty lists and objects: what an import leaves out of a program. */
export function withoutTrivialValues(value: JsonObject): JsonObject {
  const entries = Object.entries(value).flatMap(([key, item]): [string, Json][] => {
    const kept = nontrivial(item);
    return kept === undefined ? [] : [[key, kept]];
  });
  return Object.fromEntries(entries);
}

function nontrivial(value: Json | undefined): Json | undefined {
  if (value === null || value === false || value === "") return undefined;
  if (Array.isArray(value)) {
    const items = value.map(nontrivial).filter((item): item is Json => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (!isObject(value)) return value;
  const object = withoutTrivialValues(value);
  return Object.keys(object).length === 0 ? undefined : object;
}

function at(value: JsonObject, path: string): Json | undefined {
  return path
    .split(".")
    .reduce<Json | undefined>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
}

function withValue(value: JsonObject, path: string, item: Json | undefined): JsonObject {
  const [name = "", ...rest] = path.split(".");
  if (rest.length === 0) {
    const others = Object.entries(value).filter(([key]) => key !== name);
    return Object.fromEntries(item === undefined ? others : [...others, [name, item]]);
  }
  const inner = value[name];
  return { ...value, [name]: withValue(isObject(inner) ? inner : {}, rest.join("."), item) };
}
