import type { JsonObject } from "../../../json";
import { ArmError } from "../../errors";
import { parentId } from "../../ids";
import { isObject, objectAt, omit, stringAt } from "../../objects";
import { lastName } from "../../path";
import type { Arm, Made, PutRequest, ResourceType } from "../../resource-type";
import type { StoredResource } from "../../store";
import { PRIVATE_ENDPOINTS } from "./private-link";
import { aRecord, ZONES } from "./private-dns";
import { NETWORK_API_VERSIONS, networkOperations } from "./virtual-networks";

function makeGroup({ arm, body, id }: PutRequest): Made {
  const wanted = objectAt(body, "properties")["privateDnsZoneConfigs"];
  const configs = Array.isArray(wanted) ? wanted.filter(isObject) : [];
  return {
    body: {
      properties: {
        privateDnsZoneConfigs: configs.map((config) => withRecords(arm, parentId(id), config)),
        provisioningState: "Succeeded",
      },
    },
  };
}

function withRecords(arm: Arm, endpointId: string, config: JsonObject): JsonObject {
  const zoneId = stringAt(objectAt(config, "properties"), "privateDnsZoneId") ?? "";
  const zone = arm.store.get(zoneId);
  if (zone?.body["type"] !== ZONES)
    throw new ArmError(400, "InvalidResourceReference", `The private DNS zone '${zoneId}' was not found.`);
  const domain = lastName(zoneId)
    .toLowerCase()
    .replace(/^privatelink\./, "");
  const dns = objectAt(arm.store.get(endpointId)?.body ?? {}, "properties")["customDnsConfigs"];
  const hosts = (Array.isArray(dns) ? dns.filter(isObject) : []).filter(({ fqdn }) =>
    String(fqdn).endsWith(`.${domain}`),
  );
  return {
    name: config["name"],
    properties: {
      privateDnsZoneId: zoneId,
      recordSets: hosts.map(({ fqdn, ipAddresses }) => ({
        recordType: "A",
        recordSetName: String(fqdn).slice(0, -domain.length - 1),
        fqdn: `${String(fqdn).slice(0, -domain.length - 1)}.privatelink.${domain}`,
        ttl: 10,
        ipAddresses: ipAddresses ?? [],
        provisioningState: "Succeeded",
      })),
    },
  };
}

function recordIds({ body }: StoredResource): { readonly zoneId: string; readonly record: JsonObject }[] {
  const configs = objectAt(body, "properties")["privateDnsZoneConfigs"];
  return (Array.isArray(configs) ? configs.filter(isObject) : []).flatMap((config) => {
    const { privateDnsZoneId, recordSets } = objectAt(config, "properties");
    const records = Array.isArray(recordSets) ? recordSets.filter(isObject) : [];
    return records.map((record) => ({ zoneId: String(privateDnsZoneId), record }));
  });
}

async function writeRecords({ store }: Arm, group: StoredResource): Promise<void> {
  for (const { zoneId, record } of recordIds(group))
    await store.put(aRecord(zoneId, String(record["recordSetName"]), record["ipAddresses"] as string[]));
}

async function eraseRecords({ store }: Arm, group: StoredResource): Promise<void> {
  for (const { zoneId, record } of recordIds(group))
    await store.delete(aRecord(zoneId, String(record["recordSetName"]), []).id);
}

/** A private endpoint's zones: its addresses stand there as A records for as long as the group does. */
export const zoneGroupTypes: readonly ResourceType[] = [
  {
    type: `${PRIVATE_ENDPOINTS}/privateDnsZoneGroups`,
    apiVersions: NETWORK_API_VERSIONS,
    make: makeGroup,
    // A group has no `type`.
    shown: (_arm, { body }) => omit(body, ["type"]),
    write: writeRecords,
    erase: eraseRecords,
    longRunning: networkOperations,
  },
];
