import { PrivateDnsZoneGroup, PrivateEndpoint } from "@pulumi/azure-native/network";
import { PrivateZone, VirtualNetworkLink } from "@pulumi/azure-native/privatedns";
import * as pulumi from "@pulumi/pulumi";
import { resourceParts } from "../providers/clients/arm-id";
import type { DnsZones, PrivateEndpoints } from "./isolation";
import { azureName } from "./naming";
import { zoneNames } from "./dns-zones";
import { assignRole } from "./roles";
import { common, type PartContext } from "./workspace-parts";

/** What private endpoints lead to, by ARM id. */
export interface EndpointTargets {
  readonly workspace: pulumi.Output<string>;
  readonly storage: pulumi.Output<string>;
  readonly vault: pulumi.Output<string>;
  readonly registry: pulumi.Output<string> | undefined;
}

interface Service {
  readonly target: keyof EndpointTargets;
  /** Azure's name of the target's service. */
  readonly groupId: string;
  /** The zones that its addresses are named in. */
  readonly zones: readonly (keyof DnsZones)[];
}

const services: Readonly<Record<string, Service>> = {
  workspace: { target: "workspace", groupId: "amlworkspace", zones: ["api", "notebooks"] },
  blob: { target: "storage", groupId: "blob", zones: ["blob"] },
  file: { target: "storage", groupId: "file", zones: ["file"] },
  vault: { target: "vault", groupId: "vault", zones: ["vault"] },
  registry: { target: "registry", groupId: "registry", zones: ["registry"] },
};

/**
 * Private endpoints for a workspace and what it stands on, and the DNS zones that lead to them, where none are brought.
 *
 * @param readerId object id of the identity that is given Reader on the storage account's endpoints: the studio shows data through it
 */
export function createPrivateEndpoints(
  context: PartContext,
  { subnetId, dnsZones }: PrivateEndpoints,
  targets: EndpointTargets,
  readerId: pulumi.Output<string> | undefined,
): pulumi.Resource[] {
  const zones: Partial<DnsZones> = dnsZones ?? createZones(context, subnetId, targets.registry !== undefined);
  return Object.entries(services).flatMap(([key, service]) => {
    const target = targets[service.target];
    if (target === undefined) return [];
    const [endpoint, group] = createEndpoint(context, key, service, subnetId, target, zones);
    if (service.target !== "storage" || readerId === undefined) return [endpoint, group];
    return [endpoint, group, giveReader(context, key, readerId, endpoint.id)];
  });
}

function createEndpoint(
  context: PartContext,
  key: string,
  { groupId, zones: keys }: Service,
  subnetId: pulumi.Input<string>,
  target: pulumi.Output<string>,
  zones: Partial<DnsZones>,
): [PrivateEndpoint, PrivateDnsZoneGroup] {
  const name = `${context.name}-endpoint-${key}`;
  const { parent, prefix, suffix } = context;
  const { resourceGroupName, ...rest } = common(context);
  const privateEndpointName = suffix.apply((tail) => azureName("privateEndpoint", `${prefix}-${key}`, tail));
  const endpoint = new PrivateEndpoint(
    name,
    {
      ...rest,
      resourceGroupName,
      privateEndpointName,
      subnet: { id: subnetId },
      privateLinkServiceConnections: [{ name: key, privateLinkServiceId: target, groupIds: [groupId] }],
    },
    { parent },
  );
  const group = new PrivateDnsZoneGroup(
    `${name}-dns`,
    {
      resourceGroupName,
      privateEndpointName: endpoint.name,
      privateDnsZoneGroupName: "default",
      privateDnsZoneConfigs: keys.map((zone) => ({ name: zone, privateDnsZoneId: zones[zone] ?? "" })),
    },
    // It goes with its endpoint.
    { parent, deletedWith: endpoint },
  );
  return [endpoint, group];
}

function giveReader(
  { name, parent }: PartContext,
  key: string,
  principalId: pulumi.Output<string>,
  scope: pulumi.Output<string>,
): pulumi.Resource {
  return assignRole(
    `${name}-identity-endpoint-${key}`,
    { role: "reader", scope, principalId, principalType: "ServicePrincipal" },
    { parent },
  );
}

/** Private DNS zones, linked to the subnet's network. */
function createZones(
  context: PartContext,
  subnetId: pulumi.Input<string>,
  withRegistry: boolean,
): Partial<DnsZones> {
  const { parent } = context;
  const { resourceGroupName, tags } = common(context);
  const place = { resourceGroupName, location: "global", tags };
  const networkId = pulumi.output(subnetId).apply((id) => id.replace(/\/subnets\/[^/]+$/i, ""));
  const keys = Object.keys(zoneNames).filter((key) => key !== "registry" || withRegistry);
  const entries = keys.map((key) => {
    const name = `${context.name}-zone-${key}`;
    const zone = new PrivateZone(
      name,
      { ...place, privateZoneName: zoneNames[key as keyof DnsZones][0] },
      { parent },
    );
    const link = new VirtualNetworkLink(
      `${name}-link`,
      {
        ...place,
        privateZoneName: zone.name,
        virtualNetworkLinkName: networkId.apply((id) => resourceParts(id).name),
        registrationEnabled: false,
        virtualNetwork: { id: networkId },
      },
      { parent },
    );
    // Names resolve once the zone is linked.
    return [key, pulumi.all([zone.id, link.urn]).apply(([id]) => id)] as const;
  });
  return Object.fromEntries(entries);
}
