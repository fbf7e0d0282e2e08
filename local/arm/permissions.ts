import type { AccessControl, Principal } from "../identity/principal";
import { BUILT_IN, type Permission } from "../identity/role-actions";
import { customRoles } from "../identity/role-definitions";
import { ROLES } from "../identity/roles";
import type { JsonObject } from "../json";
import type { Call, Kernel, Reply } from "./call";
import { checkApiVersionGiven, invalidApiVersion } from "./lookup";
import type { Store } from "./store";

const API_VERSIONS: readonly string[] = ["2015-07-01", "2018-07-01", "2022-04-01"];

/** `GET {scope}/providers/Microsoft.Authorization/permissions`: what the caller's roles there and above allow; undefined for other requests. */
export function permissionsReply(kernel: Kernel, access: AccessControl, call: Call): Reply | undefined {
  const scope = /^(\/.+)\/providers\/microsoft\.authorization\/permissions$/i.exec(call.url)?.[1];
  if (scope === undefined || call.method !== "GET") return undefined;
  const version = call.query["api-version"];
  checkApiVersionGiven(version);
  if (!API_VERSIONS.includes(version)) throw invalidApiVersion(version, API_VERSIONS.join(","));
  const value = permissionsOf(kernel.store, access, call.principal, scope);
  return { status: 200, body: { value: JSON.parse(JSON.stringify(value)) as JsonObject[] } };
}

function permissionsOf(
  store: Store,
  access: AccessControl,
  principal: Principal,
  scope: string,
): Permission[] {
  const has = (role: string): boolean => access.hasRole(principal, [role], scope);
  return [
    ...Object.entries(ROLES)
      .filter(([, role]) => has(role))
      .map(([name]) => BUILT_IN[name as keyof typeof ROLES]),
    ...customRoles(store)
      .filter(({ name }) => has(name))
      .flatMap(({ permissions }) => permissions),
  ];
}
