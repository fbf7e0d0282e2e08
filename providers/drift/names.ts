import type { SeenResource } from "./events";

/** Whose name in Azure is a GUID, or the same on whatever they are about: the program's name says more. */
const NAMED_BY_PROGRAM = /:(RoleAssignment|DiagnosticSetting|ManagementLock\w+|AutoscaleSetting|Lock)$/;
const ENDPOINTS = /:(Rollout|OnlineEndpointSettings|OnlineEndpoint)$/;
const BATCH_ENDPOINTS = /:(BatchRollout|BatchEndpointSettings|BatchEndpoint)$/;
const MODELS = /:(MlflowModel|CustomModel|ModelVersion)$/;

/** What a resource is, and its name: ``storage account `stcredit` ``. */
export function nameOf({ type, urn, old, new: now }: SeenResource): string {
  const id = (now ?? old)?.id ?? "";
  const named = (what: string, name: string): string => `${what} \`${name}\``;
  const [, model, version] = /\/models\/([^/]+)\/versions\/([^/]+)$/i.exec(id) ?? [];
  if (MODELS.test(type) && model !== undefined) return `${named("model", model)} version ${version}`;
  const [, parent] = /^(.*)\/providers\/Microsoft\.\w+\/\w+\/[^/]+$/i.exec(id) ?? [];
  if (NAMED_BY_PROGRAM.test(type)) {
    const own = named(kindOf(type), logicalName(urn));
    return parent === undefined || !/\/providers\//i.test(parent) ? own : `${own} of \`${lastOf(parent)}\``;
  }
  const name = lastOf(id) || logicalName(urn);
  if (ENDPOINTS.test(type)) return named("endpoint", name);
  return BATCH_ENDPOINTS.test(type) ? named("batch endpoint", name) : named(kindOf(type), name);
}

/** `StorageAccount` is a `storage account`. */
function kindOf(type: string): string {
  const word = type.slice(type.lastIndexOf(":") + 1).replace(/ByScope$|AtResourceLevel$|Settings$/, "");
  return word.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
}

export function logicalName(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** The name that an ARM id ends with. */
export function lastOf(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}
