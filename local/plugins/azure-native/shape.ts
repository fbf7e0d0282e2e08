import type { Json, JsonObject } from "../../json";
import type { CheckFailure } from "../provider";
import { sdkType } from "../sdk/azure-native";
import type { SdkProperties, SdkType } from "../sdk/type-expression";
import { isObject, isUnknown, UNKNOWN } from "../values";
import { wireNameOf } from "./wire-names";

/** Lists of ids in the SDK that are objects with the ids as keys in ARM. */
const idSets: ReadonlySet<string> = new Set(["userAssignedIdentities"]);

/** A value of the program in ARM's words; properties that the SDK's type does not have are left out, as the official plugin does. */
export function toWire(value: Json, type: SdkType): Json {
  const chosen = chosenType(type, value);
  if (Array.isArray(value))
    return chosen.kind === "array" ? value.map((item) => toWire(item, chosen.items)) : value;
  if (!isObject(value)) return value;
  if (chosen.kind === "map") return mapValues(value, (item) => toWire(item, chosen.values));
  if (chosen.kind !== "object") return value;
  const own = baseName(chosen.name);
  const result: JsonObject = {};
  for (const [name, property] of sdkType(chosen.name)) {
    const item = value[name];
    if (item === undefined) continue;
    const sent =
      idSets.has(name) && Array.isArray(item)
        ? Object.fromEntries(item.map((id) => [String(id), {}]))
        : toWire(item, property.type);
    writeAt(result, namesIn(wireNameOf(own, name)), sent);
  }
  return result;
}

/** A value of ARM's answer in the SDK's words. */
export function fromWire(value: Json, type: SdkType): Json {
  const chosen = chosenType(type, value);
  if (Array.isArray(value))
    return chosen.kind === "array" ? value.map((item) => fromWire(item, chosen.items)) : value;
  if (!isObject(value)) return value;
  if (chosen.kind === "map") return mapValues(value, (item) => fromWire(item, chosen.values));
  if (chosen.kind !== "object") return value;
  const own = baseName(chosen.name);
  const result: JsonObject = {};
  for (const [name, property] of sdkType(chosen.name)) {
    const item = readAt(value, namesIn(wireNameOf(own, name)));
    if (item !== undefined && item !== null) result[name] = fromWire(item, property.type);
  }
  return result;
}

/** What of an output the program could have set: the value with the properties that the input type has. */
export function asInput(value: Json, type: SdkType): Json {
  const chosen = chosenType(type, value);
  if (Array.isArray(value))
    return chosen.kind === "array" ? value.map((item) => asInput(item, chosen.items)) : value;
  if (!isObject(value)) return value;
  if (chosen.kind === "map") return mapValues(value, (item) => asInput(item, chosen.values));
  if (chosen.kind !== "object") return value;
  return propertiesAsInput(value, sdkType(chosen.name));
}

export function propertiesAsInput(value: JsonObject, properties: SdkProperties): JsonObject {
  const result: JsonObject = {};
  for (const [name, property] of properties) {
    const item = value[name];
    if (item === undefined) continue;
    result[name] =
      idSets.has(name) && isObject(item) ? Object.keys(item).sort() : asInput(item, property.type);
  }
  return result;
}

/** The outputs that a preview can tell: inputs stay, and what Azure will add is unknown. */
export function previewOf(value: Json | undefined, type: SdkType): Json {
  if (value === undefined || isUnknown(value)) return UNKNOWN;
  const chosen = chosenType(type, value);
  if (Array.isArray(value))
    return chosen.kind === "array" ? value.map((item) => previewOf(item, chosen.items)) : UNKNOWN;
  if (!isObject(value)) return value;
  if (chosen.kind === "map") return mapValues(value, (item) => previewOf(item, chosen.values));
  if (chosen.kind !== "object") return value;
  return Object.fromEntries(
    [...sdkType(chosen.name)].map(([name, property]) => [name, previewOf(value[name], property.type)]),
  );
}

/** What is missing or of another type, by property path; values that are not known yet pass. */
export function problemsOf(value: JsonObject, properties: SdkProperties, path = ""): CheckFailure[] {
  const failures: CheckFailure[] = [];
  for (const [name, property] of properties) {
    const at = path === "" ? name : `${path}.${name}`;
    const item = value[name];
    if (item !== undefined) failures.push(...problemsOfValue(item, property.type, at));
    else if (property.required) failures.push({ property: at, reason: `missing required property '${at}'` });
  }
  return failures;
}

function problemsOfValue(value: Json, type: SdkType, path: string): CheckFailure[] {
  if (isUnknown(value)) return [];
  const chosen = chosenType(type, value);
  const wrong = (expected: string): CheckFailure[] => [
    { property: path, reason: `'${path}' should be of type '${expected}' but got ${nameOfType(value)}` },
  ];
  switch (chosen.kind) {
    case "array":
      return Array.isArray(value)
        ? value.flatMap((item, index) => problemsOfValue(item, chosen.items, `${path}[${index}]`))
        : wrong("array");
    case "map":
      return isObject(value)
        ? Object.entries(value).flatMap(([key, item]) =>
            item === undefined ? [] : problemsOfValue(item, chosen.values, `${path}.${key}`),
          )
        : wrong("object");
    case "object":
      return isObject(value) ? problemsOf(value, sdkType(chosen.name), path) : wrong("object");
    case "scalar":
      return typeof value === chosen.of ? [] : wrong(chosen.of);
    case "literal":
      return value === chosen.value
        ? []
        : [{ property: path, reason: `'${path}' should be '${chosen.value}'` }];
    case "union":
      return [
        {
          property: path,
          reason: `'${path}' fits none of the types it may have: ${chosen.members.map(describe).join(", ")}`,
        },
      ];
    default:
      return [];
  }
}

/** Of a union, the member that the value is of: objects by their discriminator. The union itself when none fits. */
function chosenType(type: SdkType, value: Json): SdkType {
  if (type.kind !== "union") return type;
  return type.members.find((member) => fits(member, value)) ?? type;
}

function fits(type: SdkType, value: Json): boolean {
  switch (type.kind) {
    case "array":
      return Array.isArray(value);
    case "map":
      return isObject(value);
    case "object": {
      const own = baseName(type.name);
      // The SDK's name in what the program gives, ARM's in what it answers.
      const at = (object: JsonObject, name: string): Json | undefined =>
        object[name] ?? readAt(object, namesIn(wireNameOf(own, name)));
      return (
        isObject(value) &&
        [...sdkType(type.name)].every(
          ([name, { type: of }]) => of.kind !== "literal" || at(value, name) === of.value,
        )
      );
    }
    case "scalar":
      return typeof value === type.of;
    case "literal":
      return value === type.value;
    default:
      return true;
  }
}

function describe(type: SdkType): string {
  if (type.kind !== "object")
    return type.kind === "scalar" ? type.of : type.kind === "literal" ? `"${type.value}"` : type.kind;
  const discriminator = [...sdkType(type.name)].find(([, property]) => property.type.kind === "literal");
  const name = type.name.split(".").pop() ?? type.name;
  return discriminator?.[1].type.kind === "literal"
    ? `${name} (${discriminator[0]}: "${discriminator[1].type.value}")`
    : name;
}

function nameOfType(value: Json): string {
  if (Array.isArray(value)) return "an array";
  return isObject(value) ? "an object" : `a ${typeof value}`;
}

function mapValues(value: JsonObject, change: (item: Json) => Json): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, item === undefined ? undefined : change(item)]),
  );
}

function writeAt(target: JsonObject, [name = "", ...rest]: readonly string[], value: Json): void {
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  const inner = target[name];
  const next = isObject(inner) ? inner : {};
  target[name] = next;
  writeAt(next, rest, value);
}

function readAt(value: JsonObject, [name = "", ...rest]: readonly string[]): Json | undefined {
  const inner = value[name];
  if (rest.length === 0) return inner;
  return isObject(inner) ? readAt(inner, rest) : undefined;
}

/** Names on the way to a property: parts of a path, in which `\.` is a dot of a name. */
function namesIn(path: string): string[] {
  return path.split(/(?<!\\)\./).map((name) => name.replaceAll("\\.", "."));
}

/** `inputs.storage.IPRuleArgs` and `outputs.storage.IPRuleResponse` are one type to ARM. */
function baseName(typeName: string): string {
  return typeName.replace(/^(inputs|outputs)\./, "").replace(/(Args|Response)$/, "");
}
