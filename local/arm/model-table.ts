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
  readonly limits?: Limits;
}

/** What a value of a field's type must keep to besides. */
export interface Limits {
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

export interface Model {
  /** By wire name, inherited ones included. */
  readonly fields: Readonly<Record<string, Field>>;
  /** Which model a body is of, by the value of a property. */
  readonly discriminator?: { readonly property: string; readonly models: Readonly<Record<string, string>> };
  /** Takes other properties than its fields too. */
  readonly open?: boolean;
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

/** Microsoft's models of an API at one version, as `tools/python/models.py` writes them. */
export interface ModelTable {
  /** Whose client they are from, with its version: `azure-mgmt-storage 22.2.0`. */
  readonly package: string;
  readonly apiVersion: string;
  readonly models: Readonly<Record<string, Model>>;
  readonly enums: Readonly<Record<string, readonly string[]>>;
  readonly operations: readonly ModelOperation[];
}

export function readModelTables(file: string): readonly ModelTable[] {
  return JSON.parse(readFileSync(file, "utf8")) as readonly ModelTable[];
}

export interface FoundOperation {
  readonly operation: ModelOperation;
  /** Where its models are. */
  readonly table: ModelTable;
}

/** Finds the operation of a path: `find("PUT", "/subscriptions/s/…/onlineEndpoints/e")`. */
export function operationFinder(
  tables: readonly ModelTable[],
): (method: string, path: string) => FoundOperation | undefined {
  const operations = new Map(
    tables.flatMap((table) =>
      table.operations.map((operation) => [
        `${operation.method} ${shapeOf(operation.path)}`,
        { operation, table },
      ]),
    ),
  );
  return (method, path) =>
    operations.get(`${method} ${shapeOf(path)}`) ?? operations.get(`${method} ${shapeOf(scoped(path))}`);
}

/** The path as the operations of types that stand at any scope are addressed: `/{scope}/providers/…`. */
function scoped(path: string): string {
  return `${SCOPE}${path.slice(Math.max(path.toLowerCase().lastIndexOf("/providers/"), 0))}`;
}

const SCOPE = "/{scope}";

/** The path with its values masked: every second segment, but for the namespace that follows `providers`. */
function shapeOf(path: string): string {
  // Azure Monitor's word for a scope.
  if (path.startsWith("/{resourceUri}/")) return shapeOf(path.replace("/{resourceUri}", SCOPE));
  if (path.startsWith(`${SCOPE}/`)) return SCOPE + shapeOf(path.slice(SCOPE.length));
  const segments = path.toLowerCase().split("/").filter(Boolean);
  const masked = segments.map((segment, at) =>
    at % 2 === 1 && segments[at - 1] !== "providers" ? "*" : segment,
  );
  return `/${masked.join("/")}`;
}
