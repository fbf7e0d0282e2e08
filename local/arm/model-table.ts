import { readFileSync } from "node:fs";

/** A type in the table: a primitive's name, `enum:NAME`, `model:NAME`, or a structure of such. */
export type FieldType =
  | string
  | { readonly array: FieldType }
  | { readonly map: FieldType }
  | { readonly const: string | number | boolean };

export interface Field {
  readonly type: FieldType;
  readonly required?: boolean;
  /** When the field goes over the wire: `read`, `create`, `update`. Always, when absent. */
  readonly visibility?: readonly string[];
}

export interface Model {
  /** By wire name, inherited ones included. */
  readonly fields: Readonly<Record<string, Field>>;
  /** Which model a body is of, by the value of a property. */
  readonly discriminator?: { readonly property: string; readonly models: Readonly<Record<string, string>> };
}

export interface ModelOperation {
  readonly method: string;
  /** Address with `{parameters}`. */
  readonly path: string;
  /** Status codes that Microsoft's client takes. */
  readonly codes: readonly number[];
  /** Names of the models of the bodies; `item` is what a list lists. */
  readonly request?: string;
  readonly response?: string;
  readonly item?: string;
}

/** Microsoft's models of the Machine Learning API, as `tools/python/models.py` writes them. */
export interface ModelTable {
  readonly apiVersion: string;
  readonly models: Readonly<Record<string, Model>>;
  readonly enums: Readonly<Record<string, readonly string[]>>;
  readonly operations: readonly ModelOperation[];
}

export function readModelTable(file: string): ModelTable {
  return JSON.parse(readFileSync(file, "utf8")) as ModelTable;
}

/** Finds the operation of a path: `find("PUT", "/subscriptions/s/…/onlineEndpoints/e")`. */
export function operationFinder(
  table: ModelTable,
): (method: string, path: string) => ModelOperation | undefined {
  const operations = new Map(
    table.operations.map((operation) => [shapeOf(operation.method, operation.path), operation]),
  );
  return (method, path) => operations.get(shapeOf(method, path));
}

/** The path with its values masked: every second segment, but for the namespace that follows `providers`. */
function shapeOf(method: string, path: string): string {
  const segments = path.toLowerCase().split("/").filter(Boolean);
  const masked = segments.map((segment, at) =>
    at % 2 === 1 && segments[at - 1] !== "providers" ? "*" : segment,
  );
  return `${method} ${masked.join("/")}`;
}
