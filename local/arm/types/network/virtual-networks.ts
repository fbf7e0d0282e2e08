import { randomUUID } from "node:crypto";
import type { Json, JsonObject } from "../../../json";
import { ArmError } from "../../errors";
import { parentId } from "../../ids";
import { isObject, objectAt, omit, stringAt, withDefaults } from "../../objects";
import { lastName } from "../../path";
import type { Arm, DeleteRequest, LongRunning, Made, PutRequest, ResourceType } from "../../resource-type";
import type { StoredResource } from "../../store";
import { kept, locationAndTags, mergedPatch, nameRule } from "../envelope";
import { contains, overlap, type Range, rangeOf } from "./address-space";
import { privateEndpointsIn } from "./private-link";

export const NETWORK_API_VERSIONS = ["2023-11-01", "2024-01-01", "2024-05-01", "2025-05-01"] as const;
const NETWORKS = "Microsoft.Network/virtualNetworks";
const SUBNETS = `${NETWORKS}/subnets`;

/** Network resources are answered at once with what they will be, and say under `locations/…/operations` how it goes. */
export const networkOperations: LongRunning = {
  status: "operations",
  result: "networkOperationResults",
  put: { created: 201, updated: 200, headers: ["Azure-AsyncOperation"] },
  delete: { created: 202, updated: 202, headers: ["Azure-AsyncOperation", "Location"] },
};

const SUBNET_DEFAULTS: JsonObject = {
  delegations: [],
  privateEndpointNetworkPolicies: "Disabled",
  privateLinkServiceNetworkPolicies: "Enabled",
};

function makeNetwork({ arm, body, existing, id }: PutRequest): Made {
  const wanted = objectAt(body, "properties");
  const spaces = prefixesOf(objectAt(wanted, "addressSpace"));
  if (spaces.length === 0)
    throw new ArmError(
      400,
      "InvalidRequestFormat",
      "A virtual network needs 'addressSpace.addressPrefixes'.",
    );
  const subnets = inlineSubnets(wanted);
  for (const [index, subnet] of subnets.entries()) {
    const own = checkPrefix(String(subnet["name"]), objectAt(subnet, "properties"), spaces);
    for (const other of subnets.slice(0, index)) checkApart(subnet, own, other, prefixesIn(other));
  }
  const names = subnets.map((subnet) => String(subnet["name"]).toLowerCase());
  for (const gone of subnetsOf(arm, id))
    if (!names.includes(lastName(gone.id).toLowerCase())) checkUnused(arm, gone);
  return {
    body: {
      ...locationAndTags(body),
      properties: {
        ...withDefaults(omit(wanted, ["subnets"]), {
          enableDdosProtection: false,
          virtualNetworkPeerings: [],
        }),
        resourceGuid: objectAt(existing?.body ?? {}, "properties")["resourceGuid"] ?? randomUUID(),
        provisioningState: "Succeeded",
      },
    },
    internal: { subnets },
  };
}

/** The subnets become what the network's PUT says: those that it does not name go. */
async function writeSubnets({ store }: Arm, network: StoredResource): Promise<void> {
  const wanted = (network.internal["subnets"] ?? []) as JsonObject[];
  const names = wanted.map((subnet) => String(subnet["name"]).toLowerCase());
  for (const { id } of store.list(`${network.id}/subnets/`))
    if (!names.includes(lastName(id).toLowerCase())) await store.delete(id);
  for (const subnet of wanted) {
    const name = String(subnet["name"]);
    const id = `${network.id}/subnets/${name}`;
    const properties = subnetProperties(objectAt(subnet, "properties"));
    await store.put({ id, body: { id, name, type: SUBNETS, properties }, internal: {} });
  }
}

function makeSubnet({ arm, body, id, name }: PutRequest): Made {
  const wanted = objectAt(body, "properties");
  const network = arm.store.get(parentId(id));
  const spaces = prefixesOf(objectAt(objectAt(network?.body ?? {}, "properties"), "addressSpace"));
  const own = checkPrefix(name, wanted, spaces);
  for (const other of subnetsOf(arm, parentId(id)))
    if (other.id.toLowerCase() !== id.toLowerCase())
      checkApart({ name }, own, other.body, prefixesIn(other.body));
  return { body: { properties: subnetProperties(wanted) } };
}

function subnetProperties(wanted: JsonObject): JsonObject {
  return { ...withDefaults(wanted, SUBNET_DEFAULTS), provisioningState: "Succeeded" };
}

function inlineSubnets(properties: JsonObject): JsonObject[] {
  const subnets = properties["subnets"];
  return Array.isArray(subnets)
    ? subnets.filter(isObject).map((each) => omit(each, ["id", "etag", "type"]))
    : [];
}

function prefixesOf(space: JsonObject): Range[] {
  const prefixes = space["addressPrefixes"];
  const found = Array.isArray(prefixes) ? prefixes.map((prefix: Json) => rangeOf(String(prefix))) : [];
  return found.filter((range): range is Range => range !== undefined);
}

function prefixesIn(subnet: JsonObject): Range[] {
  const { addressPrefix, addressPrefixes } = objectAt(subnet, "properties");
  return prefixesOf({ addressPrefixes: addressPrefixes ?? [addressPrefix ?? ""] });
}

function checkPrefix(name: string, properties: JsonObject, spaces: readonly Range[]): Range[] {
  const own = prefixesIn({ properties });
  if (own.length > 0 && own.every((range) => spaces.some((space) => contains(space, range)))) return own;
  const message = `Subnet '${name}' is not valid because its IP address range is outside the IP address range of the virtual network.`;
  throw new ArmError(400, "NetcfgInvalidSubnet", message);
}

function checkApart(a: JsonObject, own: readonly Range[], b: JsonObject, others: readonly Range[]): void {
  if (!own.some((range) => others.some((other) => overlap(range, other)))) return;
  const message = `Subnet '${String(a["name"])}' is not valid because its IP address range overlaps with that of an existing subnet '${String(b["name"])}'.`;
  throw new ArmError(400, "NetcfgSubnetRangesOverlap", message);
}

export function subnetsOf(arm: Arm, networkId: string): StoredResource[] {
  return arm.store.list(`${networkId}/subnets/`);
}

/** A subnet with the private endpoints in it. */
function shownSubnet(arm: Arm, { id, body }: StoredResource): JsonObject {
  const endpoints = privateEndpointsIn(arm, id).map((endpoint) => ({ id: endpoint.id }));
  if (endpoints.length === 0) return body;
  return { ...body, properties: { ...objectAt(body, "properties"), privateEndpoints: endpoints } };
}

function shownNetwork(arm: Arm, { id, body }: StoredResource): JsonObject {
  const subnets = subnetsOf(arm, id).map((subnet) => shownSubnet(arm, subnet));
  return { ...body, properties: { ...objectAt(body, "properties"), subnets } };
}

function checkUnused(arm: Arm, { id }: StoredResource): void {
  const [used] = privateEndpointsIn(arm, id);
  if (used === undefined) return;
  const message = `Subnet ${lastName(id)} is in use by ${used.id} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.`;
  throw new ArmError(400, "InUseSubnetCannotBeDeleted", message);
}

function checkSubnetDelete({ arm, existing }: DeleteRequest): void {
  if (existing !== undefined) checkUnused(arm, existing);
}

function checkNetworkDelete({ arm, existing }: DeleteRequest): void {
  if (existing === undefined) return;
  for (const subnet of subnetsOf(arm, existing.id)) checkUnused(arm, subnet);
}

const checkName = nameRule(
  /^[a-zA-Z0-9]([\w.-]{0,78}\w)?$/,
  "InvalidResourceName",
  (name) =>
    `Resource name ${name} is invalid. The name can be up to 80 characters long. It must begin with a word character, and it must end with a word character or with '_'. The name may contain word characters or '.', '-', '_'.`,
);

/** Microsoft.Network: virtual networks with their subnets. Nothing is sent over them. */
export const virtualNetworkTypes: readonly ResourceType[] = [
  {
    type: NETWORKS,
    apiVersions: NETWORK_API_VERSIONS,
    tracked: true,
    checkName,
    make: makeNetwork,
    amend: (request) => ({ body: kept(mergedPatch(request, ["tags"]).body) }),
    write: writeSubnets,
    shown: shownNetwork,
    beforeDelete: checkNetworkDelete,
    longRunning: networkOperations,
  },
  {
    type: SUBNETS,
    apiVersions: NETWORK_API_VERSIONS,
    checkName,
    make: makeSubnet,
    shown: shownSubnet,
    beforeDelete: checkSubnetDelete,
    longRunning: networkOperations,
  },
];

/** The location of a subnet's network; undefined where there is no such subnet. */
export function locationOfSubnet({ store }: Arm, subnetId: string): string | undefined {
  if (store.get(subnetId) === undefined) return undefined;
  return stringAt(store.get(parentId(subnetId))?.body ?? {}, "location");
}
