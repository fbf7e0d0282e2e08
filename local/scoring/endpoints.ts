import type { Store, StoredResource } from "../arm/store";
import type { JsonObject } from "../json";
import type { TrafficMap } from "./traffic";

const HOST = /^([^.:]+)\.([^.:]+)\.inference\.ml\.azure\.com(?::\d+)?$/i;
const ENDPOINT_ID = /\/onlineendpoints\/([^/]+)$/i;

/** ARM's region name as host names have it: `West Europe` → `westeurope`. */
const regionName = (location: unknown): string =>
  String(location ?? "")
    .toLowerCase()
    .replace(/\s/g, "");

/** Finds online endpoints by the host name that a scoring request was sent to. */
export class Endpoints {
  private readonly ids = new Map<string, string>();

  constructor(private readonly store: Store) {}

  byHost(host: string): StoredResource | undefined {
    const known = this.ids.get(host);
    const endpoint = known === undefined ? undefined : this.store.get(known);
    if (endpoint) return endpoint;
    this.ids.delete(host);
    const found = this.search(host);
    if (found) this.ids.set(host, found.id);
    return found;
  }

  private search(host: string): StoredResource | undefined {
    const [, name, region] = HOST.exec(host) ?? [];
    if (name === undefined || region === undefined) return undefined;
    return this.store
      .list("/subscriptions/")
      .find(
        ({ id, body }) =>
          ENDPOINT_ID.exec(id)?.[1]?.toLowerCase() === name.toLowerCase() &&
          regionName(body["location"]) === region.toLowerCase(),
      );
  }
}

export const trafficOf = (endpoint: StoredResource): TrafficMap => shares(endpoint, "traffic");
export const mirrorTrafficOf = (endpoint: StoredResource): TrafficMap => shares(endpoint, "mirrorTraffic");

function shares(endpoint: StoredResource, property: string): TrafficMap {
  return ((endpoint.body["properties"] as JsonObject | undefined)?.[property] ?? {}) as unknown as TrafficMap;
}

export const deploymentId = (endpoint: StoredResource, name: string): string =>
  `${endpoint.id}/deployments/${name}`;
