import type { JsonObject } from "../json";
import type { Call, Kernel, Reply } from "./call";
import { normalLocation } from "./locations";
import { checkApiVersionGiven, invalidApiVersion } from "./lookup";
import { numberAt, objectAt, stringAt } from "./objects";
import { checkSubscription } from "./subscriptions";
import { ML_API_VERSIONS, PROVIDER } from "./types/machinelearning/provider";
import { vmFamilies, vmSizes, WITHOUT_RESERVE } from "./vm-sizes";

/** Cores that a subscription has of each family in each region, unless somebody says otherwise. */
const USUAL_LIMIT = 300;
const DEPLOYMENT = `${PROVIDER}/workspaces/onlineEndpoints/deployments`.toLowerCase();

/** What a region's quota is, and how much of it deployments take: `usages` and `vmSizes` of a location; undefined for other requests. */
export function quotaReply(kernel: Kernel, limit: number | undefined, call: Call): Reply | undefined {
  const [, subscription, location, kind] =
    /^\/subscriptions\/([^/]+)\/providers\/microsoft\.machinelearningservices\/locations\/([^/]+)\/(usages|vmsizes)$/i.exec(
      call.url,
    ) ?? [];
  if (call.method !== "GET" || subscription === undefined || location === undefined) return undefined;
  checkSubscription(subscription);
  const version = call.query["api-version"];
  checkApiVersionGiven(version);
  const supported: readonly string[] = ML_API_VERSIONS;
  if (!supported.includes(version)) throw invalidApiVersion(version, supported.join(","));
  const value =
    kind?.toLowerCase() === "usages"
      ? usagesOf(kernel, subscription, location, limit ?? USUAL_LIMIT)
      : vmSizes.map(({ name, family, cores }) => ({ name, family, vCPUs: cores }));
  const body = { value };
  kernel.truth.response(call.method, call.url, version, 200, body);
  return { status: 200, body };
}

function usagesOf(kernel: Kernel, subscription: string, location: string, limit: number): JsonObject[] {
  const used = coresUsed(kernel, location);
  const total = [...used.values()].reduce((sum, cores) => sum + cores, 0);
  const usage = (path: string, type: string, name: string, cores: number): JsonObject => ({
    id: `/subscriptions/${subscription}/usages${path}`,
    type: `${PROVIDER}/${type}/usages`,
    unit: "Count",
    currentValue: cores,
    limit,
    name: { value: name, localizedValue: name },
  });
  return [
    usage("", "dedicatedCores", "Total Cluster Dedicated Regional vCPUs", total),
    ...[...used].map(([family, cores]) => {
      const name = `${familyName(family)} Cluster Dedicated vCPUs`;
      return usage(`/${name.replaceAll(" ", "_")}`, "vmFamily", name, cores);
    }),
  ];
}

/** Cores that the region's deployments have of each family, with what Azure reserves for upgrades. */
function coresUsed(kernel: Kernel, location: string): ReadonlyMap<string, number> {
  const used = new Map(vmFamilies.map((family) => [family, 0]));
  for (const { body } of kernel.store.list("/subscriptions/")) {
    if (String(body["type"]).toLowerCase() !== DEPLOYMENT) continue;
    if (normalLocation(stringAt(body, "location") ?? "") !== normalLocation(location)) continue;
    const type = stringAt(objectAt(body, "properties"), "instanceType") ?? "";
    const size = vmSizes.find(({ name }) => name.toLowerCase() === type.toLowerCase());
    if (size === undefined) continue;
    const instances = numberAt(objectAt(body, "sku"), "capacity") ?? 1;
    const reserved = WITHOUT_RESERVE.includes(size.family) ? instances : Math.ceil((instances * 6) / 5);
    used.set(size.family, (used.get(size.family) ?? 0) + reserved * size.cores);
  }
  return used;
}

/** `standardDSv2Family` → `Standard DSv2 Family`, as usages name it. */
function familyName(family: string): string {
  return family.replace(/^standard ?/, "Standard ").replace(/ ?Family$/, " Family");
}
