import type { Json, JsonObject } from "../../json";
import { sdkResource, type SdkResource } from "../sdk/azure-native";
import type { SdkProperties } from "../sdk/type-expression";
import { isObject, isUnknown } from "../values";
import { fromWire, toWire } from "./shape";
import { isScope, pathInputs, type Row } from "./table";

/** What ARM's resources have beside `properties`. */
const envelope: ReadonlySet<string> = new Set([
  "etag",
  "extendedLocation",
  "id",
  "identity",
  "kind",
  "location",
  "managedBy",
  "name",
  "plan",
  "properties",
  "sku",
  "systemData",
  "tags",
  "type",
  "zones",
]);

/** The resource type of the installed SDK that a row is about. */
export function sdkResourceOf(row: Row): SdkResource {
  const resource = sdkResource(row.token);
  if (resource === undefined)
    throw new Error(`The installed @pulumi/azure-native has no resource ${row.token}.`);
  return resource;
}

/** The inputs that go into the body: all but those in the path and the query. */
export function bodyInputs(row: Row): SdkProperties {
  const elsewhere = new Set([...pathInputs(row.path), ...row.query]);
  return new Map([...sdkResourceOf(row).inputs].filter(([name]) => !elsewhere.has(name)));
}

/** The ARM id that the inputs name. */
export function armId(path: string, inputs: JsonObject, subscriptionId: string): string {
  return path.replace(/\/?\{(\w+)\}/g, (placeholder, name: string) => {
    const value = name === "subscriptionId" ? subscriptionId : inputs[name];
    if (typeof value !== "string" || value === "" || isUnknown(value))
      throw new Error(`'${name}' should be a name but is ${JSON.stringify(value ?? null)}`);
    const slash = placeholder.startsWith("/") ? "/" : "";
    return slash + (isScope(name) ? value.replace(/^\/+|\/+$/g, "") : encodeURIComponent(value));
  });
}

/** The path inputs that an ARM id of this row holds; undefined when the id is of another type. */
export function pathInputsIn(path: string, id: string): Record<string, string> | undefined {
  const pattern = path
    .split(/\{(\w+)\}/)
    .map((part, index) =>
      index % 2 === 0 ? part.replace(/[.]/g, "\\.") : isScope(part) ? "(.+)" : "([^/]+)",
    );
  const values = new RegExp(`^${pattern.join("")}$`, "i").exec(id);
  if (values === null) return undefined;
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
  return Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(values[index + 1] ?? "")]));
}

/** ARM's body for the program's inputs: nothing but these, for a PUT replaces the resource. */
export function bodyOf(row: Row, inputs: JsonObject): JsonObject {
  const body: JsonObject = {};
  const properties: JsonObject = {};
  for (const [name, { type }] of bodyInputs(row)) {
    const value = inputs[name];
    if (value === undefined) continue;
    (isInProperties(row, name) ? properties : body)[row.wireNames[name] ?? name] = toWire(value, type);
  }
  if (Object.keys(properties).length > 0) body["properties"] = properties;
  return body;
}

/** The SDK's outputs for what ARM answers. */
export function outputsOf(row: Row, response: JsonObject): JsonObject {
  const resource = sdkResourceOf(row);
  const properties = isObject(response["properties"]) ? response["properties"] : {};
  const outputs: JsonObject = {};
  for (const [name, { type }] of resource.outputs) {
    const value: Json | undefined = (isInProperties(row, name) ? properties : response)[
      row.wireNames[name] ?? name
    ];
    if (value !== undefined && value !== null) outputs[name] = fromWire(value, type);
  }
  outputs["azureApiVersion"] = resource.apiVersion;
  return outputs;
}

function isInProperties(row: Row, name: string): boolean {
  return row.inProperties.includes(name) || (!envelope.has(name) && !row.beside.includes(name));
}
