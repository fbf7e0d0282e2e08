import type { JsonObject } from "../../../json";
import { isObject, objectAt, stringAt } from "../../objects";
import { lastName } from "../../path";
import type { Arm } from "../../resource-type";
import type { StoredResource } from "../../store";

export const PRIVATE_ENDPOINTS = "Microsoft.Network/privateEndpoints";

/** Host names that a service is reached by, without the zone's `privatelink.`. */
type Hosts = (target: StoredResource) => readonly string[];

const region = ({ body }: StoredResource): string => String(body["location"]);
const name = ({ id }: StoredResource): string => lastName(id).toLowerCase();
const storage =
  (service: string): Hosts =>
  (target) => [`${name(target)}.${service}.core.windows.net`];

/** What a private endpoint can lead to: services of a type (Azure's group ids) with the names that resolve to it. */
const services: Readonly<Record<string, Readonly<Record<string, Hosts>>>> = {
  "microsoft.machinelearningservices/workspaces": {
    amlworkspace: (target) => {
      const { workspaceId, notebookInfo } = objectAt(target.body, "properties");
      const at = `${String(workspaceId)}.workspace.${region(target)}`;
      return [
        `${at}.api.azureml.ms`,
        `${at}.cert.api.azureml.ms`,
        `*.${String(workspaceId)}.inference.${region(target)}.api.azureml.ms`,
        stringAt(isObject(notebookInfo) ? notebookInfo : {}, "fqdn") ?? `${name(target)}.notebooks.azure.net`,
      ];
    },
  },
  "microsoft.storage/storageaccounts": Object.fromEntries(
    ["blob", "dfs", "file", "queue", "table", "web"].map((service) => [service, storage(service)]),
  ),
  "microsoft.keyvault/vaults": { vault: (target) => [`${name(target)}.vaultcore.azure.net`] },
  "microsoft.containerregistry/registries": {
    registry: (target) => [`${name(target)}.azurecr.io`, `${name(target)}.${region(target)}.data.azurecr.io`],
  },
};

/** The group ids of a type; undefined where private endpoints don't lead there. */
export function groupsOf(target: StoredResource): readonly string[] | undefined {
  const found = services[String(target.body["type"]).toLowerCase()];
  return found === undefined ? undefined : Object.keys(found);
}

export function hostsOf(target: StoredResource, group: string): readonly string[] {
  return services[String(target.body["type"]).toLowerCase()]?.[group]?.(target) ?? [];
}

/** The one connection of a private endpoint: what it leads to, and to which of its services. */
export function connectionOf({ properties }: JsonObject): {
  readonly targetId: string;
  readonly groups: readonly string[];
} {
  const { privateLinkServiceConnections, manualPrivateLinkServiceConnections } = isObject(properties)
    ? properties
    : {};
  const [connection] = [privateLinkServiceConnections, manualPrivateLinkServiceConnections].flatMap((all) =>
    Array.isArray(all) ? all.filter(isObject) : [],
  );
  const { privateLinkServiceId, groupIds } = objectAt(connection ?? {}, "properties");
  return {
    targetId: String(privateLinkServiceId ?? ""),
    groups: Array.isArray(groupIds) ? groupIds.map(String) : [],
  };
}

function allEndpoints({ store }: Arm): StoredResource[] {
  return store.list("/subscriptions/").filter(({ body }) => body["type"] === PRIVATE_ENDPOINTS);
}

export function privateEndpointsIn(arm: Arm, subnetId: string): StoredResource[] {
  const wanted = subnetId.toLowerCase();
  return allEndpoints(arm).filter(
    ({ body }) => String(objectAt(objectAt(body, "properties"), "subnet")["id"]).toLowerCase() === wanted,
  );
}

/** `privateEndpointConnections` of what private endpoints lead to: each is approved at once, as its owner's are. */
export function connectionsTo(arm: Arm, { id, body }: StoredResource): JsonObject[] {
  const wanted = id.toLowerCase();
  return allEndpoints(arm)
    .filter((endpoint) => connectionOf(endpoint.body).targetId.toLowerCase() === wanted)
    .map((endpoint) => {
      const name = `${lastName(endpoint.id)}.${String(endpoint.internal["connection"])}`;
      const type = `${String(body["type"])}/privateEndpointConnections`;
      return {
        id: `${id}/privateEndpointConnections/${name}`,
        // Key Vault's have neither.
        ...(type.startsWith("Microsoft.KeyVault/") ? {} : { name, type }),
        properties: {
          privateEndpoint: { id: endpoint.id },
          privateLinkServiceConnectionState: { status: "Approved", description: "Auto-Approved" },
          provisioningState: "Succeeded",
        },
      };
    });
}

/** The body with the private endpoints that lead to it. */
export function withConnections(arm: Arm, resource: StoredResource): JsonObject {
  const properties = objectAt(resource.body, "properties");
  return {
    ...resource.body,
    properties: { ...properties, privateEndpointConnections: connectionsTo(arm, resource) },
  };
}
