import type { AccessControl } from "../identity/principal";
import { authorize } from "./authorize";
import type { Call, Kernel, TypedCall } from "./call";
import { ArmError, resourceGroupNotFound } from "./errors";
import { canonicalId } from "./ids";
import { type ArmPath, formatArmPath, isResource, lastName, parentOf, typeOf } from "./path";
import { checkRegistered } from "./registered";
import type { ResourceType, ResourceTypes } from "./resource-type";

export const RESOURCE_GROUPS = "Microsoft.Resources/resourceGroups";

/** Finds the type that a request is about, and refuses what ARM refuses before a resource provider hears of it. */
export function lookUp(kernel: Kernel, access: AccessControl, call: Call, path: ArmPath): TypedCall {
  const { row, about, action } = findRow(kernel.types, call.method, path);
  const apiVersion = checkApiVersion(row, call.query["api-version"]);
  const scope = isResource(about) || about.providers.length === 0 ? about : parentOf(about);
  const id = canonicalId(kernel, scope);
  authorize(kernel.store, access, call.principal, call.method, row, action, id);
  if (call.method === "PUT") checkRegistered(kernel.store, row.type.slice(0, row.type.indexOf("/")));
  checkParents(kernel, row, path, about);
  const kept = isResource(about) ? row.keptAt?.(id) : undefined;
  return { ...call, path: about, row, apiVersion, id: kept ?? id, action };
}

function findRow(
  types: ResourceTypes,
  method: string,
  path: ArmPath,
): { row: ResourceType; about: ArmPath; action: string | undefined } {
  const last = path.providers.at(-1);
  const isAction = method === "POST" && last !== undefined && last.types.length > last.names.length;
  const action = isAction ? last.types.at(-1) : undefined;
  const about = isAction
    ? { ...path, providers: [...path.providers.slice(0, -1), { ...last, types: last.types.slice(0, -1) }] }
    : path;
  const type = path.providers.length === 0 ? RESOURCE_GROUPS : typeOf(about);
  const row = types.get(String(type).toLowerCase());
  if (row !== undefined) return { row, about, action: action?.toLowerCase() };
  const [namespace = "", ...rest] = String(type).split("/");
  if ([...types.keys()].some((known) => known.startsWith(`${namespace.toLowerCase()}/`))) {
    throw new ArmError(
      404,
      "InvalidResourceType",
      `The resource type '${rest.join("/")}' could not be found in the namespace '${namespace}'.`,
    );
  }
  throw new ArmError(404, "InvalidResourceNamespace", `The resource namespace '${namespace}' is invalid.`);
}

/** @throws ArmError for an API version that the type does not have, or none at all. */
export function checkApiVersion(row: ResourceType, version: string | undefined): string {
  checkApiVersionGiven(version);
  const found = row.apiVersions.find((known) => known.toLowerCase() === version.toLowerCase());
  if (found !== undefined) return found;
  const supported = row.apiVersions.join(", ");
  if (row.type === RESOURCE_GROUPS) throw invalidApiVersion(version, supported);
  const type = row.type.slice(row.type.indexOf("/") + 1);
  throw new ArmError(
    400,
    "NoRegisteredProviderFound",
    `No registered resource provider found for location '*' and API version '${version}' for type '${type}'. The supported api-versions are '${supported}'.`,
  );
}

export function checkApiVersionGiven(version: string | undefined): asserts version is string {
  if (version !== undefined && version !== "") return;
  throw new ArmError(
    400,
    "MissingApiVersionParameter",
    "The api-version query parameter (?api-version=) is required for all requests.",
  );
}

export function invalidApiVersion(version: string, supported: string): ArmError {
  const message = `The api-version '${version}' is invalid. The supported versions are '${supported}'.`;
  return new ArmError(400, "InvalidApiVersionParameter", message);
}

/** The resource group and every resource above must be there. */
function checkParents({ store, types }: Kernel, row: ResourceType, asked: ArmPath, about: ArmPath): void {
  const { subscription, resourceGroup } = about;
  if (resourceGroup !== undefined && about.providers.length > 0) {
    const group = store.get(formatArmPath({ subscription, resourceGroup, providers: [] }));
    if (group === undefined) throw resourceGroupNotFound(resourceGroup);
  } else if (resourceGroup === undefined && row.scope === undefined && isResource(asked)) {
    const message = `The resource type '${row.type}' must be in a resource group.`;
    throw new ArmError(400, "InvalidResourceScope", message);
  }
  const first = row.parentOptional === true ? parentOf(about) : about;
  for (let above = parentOf(first); above.providers.length > 0; above = parentOf(above)) {
    const id = formatArmPath(above);
    const parentRow = types.get(String(typeOf(above)).toLowerCase());
    if (parentRow === undefined || store.get(id) !== undefined || parentRow.implied !== undefined) continue;
    throw new ArmError(
      404,
      "ParentResourceNotFound",
      `Can not perform requested operation on nested resource. Parent resource '${lastName(id)}' not found.`,
    );
  }
}
