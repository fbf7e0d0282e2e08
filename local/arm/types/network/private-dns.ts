import type { JsonObject } from "../../../json";
import { ArmError } from "../../errors";
import { parentId } from "../../ids";
import { objectAt, stringAt } from "../../objects";
import { lastName } from "../../path";
import type { Arm, DeleteRequest, Made, PutRequest, ResourceType } from "../../resource-type";
import type { StoredResource } from "../../store";
import { locationAndTags, mergedPatch, nameRule } from "../envelope";

const API_VERSIONS = ["2018-09-01", "2020-06-01", "2024-06-01"] as const;
export const ZONES = "Microsoft.Network/privateDnsZones";
const LINKS = `${ZONES}/virtualNetworkLinks`;
const RECORDS = `${ZONES}/A`;

/** An A record of a zone, as a zone group writes it. */
export function aRecord(zoneId: string, name: string, addresses: readonly string[]): StoredResource {
  const id = `${zoneId}/A/${name}`;
  const properties: JsonObject = {
    ttl: 10,
    fqdn: `${name}.${lastName(zoneId)}.`,
    isAutoRegistered: false,
    aRecords: addresses.map((ipv4Address) => ({ ipv4Address })),
  };
  return { id, body: { id, name, type: RECORDS, properties }, internal: {} };
}

function checkGlobal(body: JsonObject): void {
  if (String(body["location"]).toLowerCase() === "global") return;
  throw new ArmError(
    400,
    "LocationNotAvailableForResourceType",
    "Private DNS zones and their links are in location 'global'.",
  );
}

function makeZone({ body }: PutRequest): Made {
  checkGlobal(body);
  return {
    body: {
      ...locationAndTags(body),
      properties: {
        maxNumberOfRecordSets: 25_000,
        maxNumberOfVirtualNetworkLinks: 1000,
        maxNumberOfVirtualNetworkLinksWithRegistration: 100,
        numberOfVirtualNetworkLinksWithRegistration: 0,
        provisioningState: "Succeeded",
      },
    },
  };
}

function shownZone({ store }: Arm, { id, body }: StoredResource): JsonObject {
  const counts = {
    // With the SOA record that each zone has.
    numberOfRecordSets: store.list(`${id}/A/`).length + 1,
    numberOfVirtualNetworkLinks: store.list(`${id}/virtualNetworkLinks/`).length,
  };
  return { ...body, properties: { ...objectAt(body, "properties"), ...counts } };
}

function makeLink({ arm, body, existing, id }: PutRequest): Made {
  checkGlobal(body);
  const wanted = objectAt(body, "properties");
  const networkId = stringAt(objectAt(wanted, "virtualNetwork"), "id") ?? "";
  if (arm.store.get(networkId)?.body["type"] !== "Microsoft.Network/virtualNetworks")
    throw new ArmError(400, "BadRequest", `The virtual network '${networkId}' was not found.`);
  const other = arm.store
    .list(`${parentId(id)}/virtualNetworkLinks/`)
    .find(
      (link) =>
        link.id.toLowerCase() !== id.toLowerCase() && networkOf(link.body) === networkId.toLowerCase(),
    );
  if (other !== undefined) {
    const message = `The private DNS zone '${lastName(parentId(id))}' is linked to the virtual network by '${lastName(other.id)}' already.`;
    throw new ArmError(409, "Conflict", message);
  }
  if (existing !== undefined && networkOf(existing.body) !== networkId.toLowerCase())
    throw new ArmError(400, "BadRequest", "The virtual network of a link cannot be changed.");
  return {
    body: {
      ...locationAndTags(body),
      properties: {
        registrationEnabled: wanted["registrationEnabled"] ?? false,
        resolutionPolicy: wanted["resolutionPolicy"] ?? "Default",
        virtualNetwork: { id: networkId },
        virtualNetworkLinkState: "Completed",
        provisioningState: "Succeeded",
      },
    },
  };
}

function networkOf(link: JsonObject): string {
  return String(objectAt(objectAt(link, "properties"), "virtualNetwork")["id"]).toLowerCase();
}

function checkUnlinked({ arm, existing }: DeleteRequest): void {
  if (existing === undefined || arm.store.list(`${existing.id}/virtualNetworkLinks/`).length === 0) return;
  throw new ArmError(409, "CannotDeleteResource", "Cannot delete resource while nested resources exist.");
}

const longRunning = {
  status: "privateDnsOperationStatuses",
  result: "privateDnsOperationResults",
  put: { created: 202, updated: 202, headers: ["Azure-AsyncOperation", "Location"] },
  delete: { created: 202, updated: 202, headers: ["Azure-AsyncOperation", "Location"] },
} as const;

/** Microsoft.Network: private DNS zones, their links to networks and the A records in them. Nothing resolves names by them. */
export const privateDnsTypes: readonly ResourceType[] = [
  {
    type: ZONES,
    apiVersions: API_VERSIONS,
    tracked: true,
    checkName: nameRule(
      /^(?=.{1,253}$)([a-zA-Z0-9_]([\w-]{0,61}[a-zA-Z0-9_])?\.){1,33}[a-zA-Z0-9]+$/,
      "BadRequest",
      (name) => `The domain name '${name}' is invalid: 2 to 34 labels of letters, digits, '_' and '-'.`,
    ),
    make: makeZone,
    amend: (request) => mergedPatch(request, ["tags"]),
    shown: shownZone,
    beforeDelete: checkUnlinked,
    longRunning,
  },
  {
    type: LINKS,
    apiVersions: API_VERSIONS,
    tracked: true,
    make: makeLink,
    longRunning,
  },
  { type: RECORDS, apiVersions: API_VERSIONS },
];
