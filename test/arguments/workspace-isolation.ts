import type { WorkspaceArgs } from "../../components";
import { GROUP_ID } from "../helpers/pulumi-mocks";

const network = `${GROUP_ID}/providers/Microsoft.Network`;
const zone = (name: string): string => `${network}/privateDnsZones/privatelink.${name}`;
const place = { location: "westeurope", nameSuffix: "x7k2p" };
export const subnetId = `${network}/virtualNetworks/vnet/subnets/endpoints`;
export const dnsZones = {
  api: zone("api.azureml.ms"),
  notebooks: zone("notebooks.azure.net"),
  blob: zone("blob.core.windows.net"),
  file: zone("file.core.windows.net"),
  vault: zone("vaultcore.azure.net"),
  registry: zone("azurecr.io"),
};
const otherZones = Object.fromEntries(
  Object.entries(dnsZones).map(([key, id]) => [key, id.replace("rg-test", "rg-hub")]),
) as unknown as typeof dnsZones;

/** Args of `Workspace` with each choice of `isolation`. */
export const isolations: readonly WorkspaceArgs[] = [
  {
    ...place,
    containerRegistry: "create",
    isolation: { mode: "public", ipAllowList: ["16.17.18.19", "16.17.19.0/24"] },
  },
  {
    ...place,
    isolation: {
      mode: "managedOutbound",
      outboundRules: {
        lake: {
          type: "privateEndpoint",
          resourceId: `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/stlake`,
          subresource: "dfs",
        },
        images: {
          type: "privateEndpoint",
          resourceId: `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/stimages`,
          subresource: "blob",
        },
      },
      privateEndpoints: { subnetId, dnsZones: otherZones },
    },
  },
  {
    ...place,
    isolation: {
      mode: "managedApprovedOnly",
      firewallSku: "Basic",
      outboundRules: {
        pypi: { type: "fqdn", destination: "pypi.org" },
        search: { type: "serviceTag", serviceTag: "AzureSearch", protocol: "*", portRanges: "443" },
        factory: {
          type: "serviceTag",
          serviceTag: "DataFactory",
          protocol: "TCP",
          portRanges: "443,8080-8089",
        },
      },
      privateEndpoints: { subnetId: `${subnetId}2`, dnsZones },
    },
  },
  {
    ...place,
    isolation: {
      mode: "private",
      subnetId,
      dnsZones,
      computeSubnetId: subnetId.replace("endpoints", "computes"),
    },
  },
  { ...place, isolation: { mode: "private", subnetId: `${subnetId}2`, dnsZones: otherZones } },
];

/** Arguments of `isolation` that no request of a workspace shows. */
export const isolationExempt = {
  "isolation.outboundRules.*.type": "says which rule it is: another kind has other properties",
  "isolation.computeSubnetId": "an output, for computes to take",
};
