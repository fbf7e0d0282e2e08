import { randomUUID } from "node:crypto";
import type { JsonObject } from "../../../json";
import { ArmError } from "../../errors";
import { normalLocation } from "../../locations";
import { isObject, objectAt, stringAt } from "../../objects";
import { lastName } from "../../path";
import type { Arm, Made, PutRequest, ResourceType } from "../../resource-type";
import type { StoredResource } from "../../store";
import { locationAndTags, nameRule } from "../envelope";
import { freeAddresses, rangeOf } from "./address-space";
import { zoneGroupTypes } from "./dns-zone-groups";
import { connectionOf, groupsOf, hostsOf, PRIVATE_ENDPOINTS, privateEndpointsIn } from "./private-link";
import { locationOfSubnet, NETWORK_API_VERSIONS, networkOperations } from "./virtual-networks";

function makeEndpoint({ arm, body, existing, id }: PutRequest): Made {
  const wanted = objectAt(body, "properties");
  const subnetId = stringAt(objectAt(wanted, "subnet"), "id") ?? "";
  const location = locationAndTags(body);
  checkSubnet(arm, subnetId, normalLocation(String(location["location"])));
  const { targetId, groups } = connectionOf(body);
  const target = checkTarget(arm, targetId, groups);
  const before = objectAt(existing?.body ?? {}, "properties");
  if (
    existing !== undefined &&
    connectionOf(existing.body).targetId.toLowerCase() !== targetId.toLowerCase()
  ) {
    const message = `Private endpoint ${id} leads to another resource; delete it and make another.`;
    throw new ArmError(400, "CannotChangePrivateLinkConnectionOnPrivateEndpoint", message);
  }
  const hosts = groups.flatMap((group) => hostsOf(target, group));
  const addresses = (existing?.internal["addresses"] ??
    addressesFor(arm, subnetId, hosts.length)) as string[];
  const connections = wanted["privateLinkServiceConnections"];
  return {
    body: {
      ...location,
      properties: {
        ...wanted,
        privateLinkServiceConnections: Array.isArray(connections)
          ? connections.filter(isObject).map((connection) => approved(id, connection))
          : [],
        manualPrivateLinkServiceConnections: wanted["manualPrivateLinkServiceConnections"] ?? [],
        customDnsConfigs: hosts.map((fqdn, index) => ({ fqdn, ipAddresses: [addresses[index] ?? ""] })),
        networkInterfaces: before["networkInterfaces"] ?? [{ id: nicOf(id) }],
        provisioningState: "Succeeded",
      },
    },
    internal: { addresses, connection: existing?.internal["connection"] ?? randomUUID() },
  };
}

function approved(id: string, connection: JsonObject): JsonObject {
  const name = String(connection["name"]);
  return {
    ...connection,
    id: `${id}/privateLinkServiceConnections/${name}`,
    type: `${PRIVATE_ENDPOINTS}/privateLinkServiceConnections`,
    properties: {
      ...objectAt(connection, "properties"),
      privateLinkServiceConnectionState: {
        status: "Approved",
        description: "Auto-Approved",
        actionsRequired: "None",
      },
      provisioningState: "Succeeded",
    },
  };
}

function nicOf(id: string): string {
  return `${id.slice(0, id.lastIndexOf("/providers/"))}/providers/Microsoft.Network/networkInterfaces/${lastName(id)}.nic.${randomUUID()}`;
}

function checkSubnet(arm: Arm, subnetId: string, location: string): void {
  const at = locationOfSubnet(arm, subnetId);
  if (at === undefined)
    throw new ArmError(
      400,
      "InvalidResourceReference",
      `Resource ${subnetId} referenced by the private endpoint was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
    );
  if (at !== location)
    throw new ArmError(
      400,
      "InvalidResourceReference",
      `The subnet ${subnetId} is in ${at}, the private endpoint in ${location}; both must be in the same region.`,
    );
}

function checkTarget({ store }: Arm, targetId: string, groups: readonly string[]): StoredResource {
  const target = store.get(targetId);
  const known = target === undefined ? undefined : groupsOf(target);
  if (target === undefined || known === undefined)
    throw new ArmError(
      400,
      "InvalidResourceReference",
      `The private endpoint leads to '${targetId}', which does not exist or takes none.`,
    );
  const wrong = groups.find((group) => !known.includes(group));
  if (groups.length !== 1 || wrong !== undefined) {
    const message = `Group ids ${JSON.stringify(groups)} are not one of those of ${targetId}: ${known.join(", ")}.`;
    throw new ArmError(400, "PrivateEndpointCannotBeCreatedWithGroupId", message);
  }
  if (
    String(target.body["type"]).startsWith("Microsoft.ContainerRegistry/") &&
    objectAt(target.body, "sku")["name"] !== "Premium"
  )
    throw new ArmError(400, "FeatureNotSupported", "Private endpoints take a registry of sku Premium.");
  return target;
}

function addressesFor(arm: Arm, subnetId: string, count: number): string[] {
  const { addressPrefix, addressPrefixes } = objectAt(arm.store.get(subnetId)?.body ?? {}, "properties");
  const [first] = Array.isArray(addressPrefixes) ? addressPrefixes : [addressPrefix];
  const range = rangeOf(String(first));
  const used = new Set(
    privateEndpointsIn(arm, subnetId).flatMap(({ internal }) => internal["addresses"] as string[]),
  );
  const free = range === undefined ? [] : freeAddresses(range, used, count);
  if (free.length === count) return free;
  throw new ArmError(
    400,
    "SubnetIsFull",
    `Subnet ${lastName(subnetId)} does not have enough free addresses.`,
  );
}

/** Microsoft.Network: private endpoints, approved at once, and the zones that name their addresses. */
export const privateEndpointTypes: readonly ResourceType[] = [
  {
    type: PRIVATE_ENDPOINTS,
    apiVersions: NETWORK_API_VERSIONS,
    tracked: true,
    checkName: nameRule(
      /^[a-zA-Z0-9]([\w.-]{0,62}\w)?$/,
      "InvalidResourceName",
      (name) =>
        `Resource name ${name} is invalid: 1 to 64 letters, digits, '.', '-' and '_', a letter or digit first.`,
    ),
    make: makeEndpoint,
    longRunning: networkOperations,
  },
  ...zoneGroupTypes,
];
