import { SUBSCRIPTION_ID, TENANT_ID } from "../cloud";
import type { JsonObject } from "../json";
import type { Call, Kernel, Reply } from "./call";
import { ArmError } from "./errors";
import { checkApiVersionGiven, invalidApiVersion, RESOURCE_GROUPS } from "./lookup";
import { page } from "./reads";
import { isRegistered } from "./registered";
import type { ResourceTypes } from "./resource-type";

/** API versions of what Resource Manager itself serves. */
export const RESOURCE_MANAGER_VERSIONS = [
  "2016-06-01", "2018-05-01", "2019-05-01", "2019-06-01", "2019-10-01", "2020-01-01", "2020-06-01", "2020-10-01", "2021-01-01",
  "2021-04-01", "2022-09-01", "2022-12-01", "2023-07-01", "2024-03-01", "2024-07-01", "2024-11-01", "2025-04-01",
] as const; // prettier-ignore

const SUBSCRIPTION: JsonObject = {
  id: `/subscriptions/${SUBSCRIPTION_ID}`,
  subscriptionId: SUBSCRIPTION_ID,
  tenantId: TENANT_ID,
  displayName: "Local Azure",
  state: "Enabled",
  subscriptionPolicies: {
    locationPlacementId: "Public_2014-09-01",
    quotaId: "PayAsYouGo_2014-09-01",
    spendingLimit: "Off",
  },
  authorizationSource: "RoleBased",
};

/** What lies above resource groups and providers: tenants, subscriptions, their locations, providers and lists; undefined for the rest. */
export function subscriptionReply(kernel: Kernel, call: Call): Reply | undefined {
  const [first, subscription, kind, name, verb, ...more] = call.url.toLowerCase().split("/").filter(Boolean);
  if (call.method !== "GET") return undefined;
  if (more.length > 0 || (first !== "subscriptions" && first !== "tenants")) return undefined;
  if (first === "tenants") return subscription === undefined ? checked(call, tenants()) : undefined;
  if (subscription === undefined) return checked(call, list([SUBSCRIPTION]));
  checkSubscription(subscription);
  if (kind === undefined) return checked(call, { status: 200, body: SUBSCRIPTION });
  if (kind === "providers" && verb === undefined) return checked(call, providers(kernel, name));
  if (name !== undefined) return undefined;
  switch (kind) {
    case "locations":
      return checked(call, list([location(kernel.region)]));
    case "resourcegroups":
      return checked(call, page(call, ofType(kernel, RESOURCE_GROUPS)));
    case "resources":
      return checked(call, page(call, trackedResources(kernel, `/subscriptions/${subscription}/`)));
    default:
      return undefined;
  }
}

/** @throws ArmError for a subscription that is not the local Azure's. */
export function checkSubscription(id: string): void {
  if (id.toLowerCase() === SUBSCRIPTION_ID) return;
  throw new ArmError(404, "SubscriptionNotFound", `The subscription '${id}' could not be found.`);
}

function checked(call: Call, reply: Reply): Reply {
  const version = call.query["api-version"];
  checkApiVersionGiven(version);
  const supported: readonly string[] = RESOURCE_MANAGER_VERSIONS;
  if (!supported.includes(version)) throw invalidApiVersion(version, supported.join(","));
  return reply;
}

function list(value: JsonObject[]): Reply {
  return { status: 200, body: { value } };
}

function tenants(): Reply {
  const displayName = "Local Azure";
  return list([{ id: `/tenants/${TENANT_ID}`, tenantId: TENANT_ID, displayName, tenantCategory: "Home" }]);
}

function location(name: string): JsonObject {
  return {
    id: `/subscriptions/${SUBSCRIPTION_ID}/locations/${name}`,
    name,
    type: "Region",
    displayName: name,
  };
}

function providers({ store, types, region }: Kernel, wanted: string | undefined): Reply {
  const namespaces = byNamespace(types);
  const all = [...namespaces].map(([namespace, rows]) => ({
    id: `/subscriptions/${SUBSCRIPTION_ID}/providers/${namespace}`,
    namespace,
    registrationState: isRegistered(store, namespace) ? "Registered" : "NotRegistered",
    registrationPolicy: "RegistrationRequired",
    resourceTypes: rows.map(({ type, apiVersions }) => ({
      resourceType: type.slice(namespace.length + 1),
      locations: [region],
      apiVersions: [...apiVersions],
    })),
  }));
  if (wanted === undefined) return list(all);
  const found = all.find(({ namespace }) => namespace.toLowerCase() === wanted);
  if (found !== undefined) return { status: 200, body: found };
  throw new ArmError(404, "InvalidResourceNamespace", `The resource namespace '${wanted}' is invalid.`);
}

function byNamespace(types: ResourceTypes) {
  const found = new Map<string, { type: string; apiVersions: readonly string[] }[]>();
  for (const row of types.values()) {
    const [namespace = ""] = row.type.split("/");
    found.set(namespace, [...(found.get(namespace) ?? []), row]);
  }
  return found;
}

function ofType({ store }: Kernel, type: string) {
  return store.list(`/subscriptions/${SUBSCRIPTION_ID}/`).filter(({ body }) => body["type"] === type);
}

/** The tracked resources below a scope, as generic lists show them. */
export function trackedResources({ store, types }: Kernel, prefix: string) {
  return store
    .list(prefix)
    .filter(({ body }) => types.get(String(body["type"]).toLowerCase())?.tracked === true)
    .map((resource) => {
      const { id, name, type, location: where, tags, kind, sku, identity } = resource.body;
      return { ...resource, body: { id, name, type, location: where, tags, kind, sku, identity } };
    });
}
