import type { Json, JsonObject } from "../json";
import { brokenLimit } from "./model-limits";
import type { Field, FieldType, Model, ModelTable } from "./model-table";
import { includes, isObject } from "./objects";

/** What a body breaks of its model. */
export interface Problem {
  readonly kind: "unknown" | "type" | "missing" | "enum" | "limit" | "createOnly" | "writeOnly";
  /** `properties.scaleSettings.scaleType`; empty for the body itself. */
  readonly path: string;
  readonly message: string;
}

interface Walk {
  readonly table: ModelTable;
  readonly direction: "request" | "response";
  readonly problems: Problem[];
}

/**
 * What is wrong with a request's body. Read-only properties are no problem, they are ignored ({@link withoutReadOnly}).
 *
 * @param existing the resource that a PUT replaces: create-only properties must be as there
 */
export function checkRequest(
  table: ModelTable,
  model: string,
  body: Json | undefined,
  existing?: JsonObject,
): Problem[] {
  const walk: Walk = { table, direction: "request", problems: [] };
  checkModel(walk, model, body, "", existing);
  return walk.problems;
}

/** What is wrong with a response's body. */
export function checkResponse(table: ModelTable, model: string, body: Json | undefined): Problem[] {
  const walk: Walk = { table, direction: "response", problems: [] };
  checkModel(walk, model, body, "", undefined);
  return walk.problems;
}

/** The request's body without what only responses have. */
export function withoutReadOnly(table: ModelTable, model: string, body: JsonObject): JsonObject {
  const fields = modelOf(table, model, body)?.fields ?? {};
  const kept = Object.entries(body).filter(([name]) => {
    const field = fields[name];
    return field === undefined || sent(field, "request");
  });
  return Object.fromEntries(kept.map(([name, value]) => [name, stripped(table, fields[name]?.type, value)]));
}

function stripped(table: ModelTable, type: FieldType | undefined, value: Json | undefined): Json | undefined {
  if (typeof type === "string" && type.startsWith("model:") && isObject(value)) {
    return withoutReadOnly(table, type.slice("model:".length), value);
  }
  if (typeof type === "object" && "array" in type && Array.isArray(value)) {
    return value.map((item) => stripped(table, type.array, item) ?? null);
  }
  if (typeof type === "object" && "map" in type && isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, stripped(table, type.map, item)]),
    );
  }
  return value;
}

function checkModel(
  walk: Walk,
  name: string,
  body: Json | undefined,
  path: string,
  existing: Json | undefined,
): void {
  if (!isObject(body)) {
    add(walk, "type", path, `must be an object (${name})`);
    return;
  }
  const model = modelOf(walk.table, name, body);
  if (model === undefined) {
    const { property, models } = walk.table.models[name]?.discriminator ?? { property: "", models: {} };
    const allowed = Object.keys(models).join(", ");
    if (body[property] === undefined)
      add(walk, "missing", join(path, property), `is required; one of ${allowed}`);
    else
      add(walk, "enum", join(path, property), `is ${JSON.stringify(body[property])}; allowed are ${allowed}`);
    return;
  }
  for (const [key, value] of Object.entries(body)) {
    const field = model.fields[key];
    if (field === undefined && model.open !== true)
      add(walk, "unknown", join(path, key), `is not a property of ${name}`);
    if (field !== undefined)
      checkField(walk, field, value, join(path, key), isObject(existing) ? existing[key] : undefined);
  }
  for (const [key, field] of Object.entries(model.fields)) {
    const absent = body[key] === undefined || body[key] === null;
    if (field.required === true && absent && sent(field, walk.direction)) {
      add(walk, "missing", join(path, key), `is required by ${name}`);
    }
  }
}

function checkField(
  walk: Walk,
  field: Field,
  value: Json | undefined,
  path: string,
  existing: Json | undefined,
): void {
  if (value === undefined || value === null) return;
  if (!sent(field, walk.direction)) {
    if (walk.direction === "response") add(walk, "writeOnly", path, "is never shown");
    return;
  }
  const fixed = field.visibility?.includes("create") === true && !field.visibility.includes("update");
  if (
    walk.direction === "request" &&
    fixed &&
    existing !== undefined &&
    existing !== null &&
    !includes(existing, value)
  ) {
    add(
      walk,
      "createOnly",
      path,
      `cannot be changed from ${JSON.stringify(existing)} to ${JSON.stringify(value)}`,
    );
  }
  checkType(walk, field.type, value, path, existing);
  const broken = field.limits === undefined ? undefined : brokenLimit(field.limits, value);
  if (broken !== undefined) add(walk, "limit", path, `${broken}, and is ${JSON.stringify(value)}`);
}

function checkType(walk: Walk, type: FieldType, value: Json, path: string, existing: Json | undefined): void {
  if (typeof type === "string") {
    if (type.startsWith("model:")) checkModel(walk, type.slice("model:".length), value, path, existing);
    else if (type.startsWith("enum:")) checkEnum(walk, type.slice("enum:".length), value, path);
    else if (!primitives[type]?.(value))
      add(walk, "type", path, `must be a ${type}, not ${JSON.stringify(value)}`);
  } else if ("const" in type) {
    if (value !== type.const) add(walk, "enum", path, `must be ${JSON.stringify(type.const)}`);
  } else if ("array" in type) {
    if (!Array.isArray(value)) add(walk, "type", path, "must be an array");
    else value.forEach((item, index) => checkType(walk, type.array, item, `${path}[${index}]`, undefined));
  } else if (!isObject(value)) {
    add(walk, "type", path, "must be an object");
  } else {
    for (const [key, item] of Object.entries(value)) {
      if (item !== undefined && item !== null) checkType(walk, type.map, item, join(path, key), undefined);
    }
  }
}

function checkEnum(walk: Walk, name: string, value: Json, path: string): void {
  const allowed = walk.table.enums[name] ?? [];
  if (typeof value !== "string") add(walk, "type", path, `must be a string, not ${JSON.stringify(value)}`);
  else if (!allowed.includes(value)) {
    add(walk, "enum", path, `is ${JSON.stringify(value)}; allowed are ${allowed.join(", ")}`);
  }
}

/** The model that the body is of: by its discriminator, where there is one. */
function modelOf(table: ModelTable, name: string, body: JsonObject): Model | undefined {
  const model = table.models[name];
  if (model?.discriminator === undefined) return model;
  const named = model.discriminator.models[String(body[model.discriminator.property])];
  return named === undefined || named === name ? table.models[named ?? ""] : modelOf(table, named, body);
}

function sent(field: Field, direction: Walk["direction"]): boolean {
  if (field.visibility === undefined) return true;
  if (direction === "response") return field.visibility.includes("read");
  return field.visibility.includes("create") || field.visibility.includes("update");
}

function add(walk: Walk, kind: Problem["kind"], path: string, message: string): void {
  walk.problems.push({ kind, path, message: `${path === "" ? "the body" : path} ${message}` });
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

const DURATION = /^-?P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/;

const primitives: Readonly<Record<string, (value: Json) => boolean>> = {
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === "number",
  any: () => true,
  "date-time": (value) =>
    typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value)),
  date: (value) => typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value),
  time: (value) => typeof value === "string" && /^\d\d:\d\d/.test(value),
  duration: (value) => typeof value === "string" && DURATION.test(value),
};
