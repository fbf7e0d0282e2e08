import { VirtualNetwork } from "@pulumi/azure-native/network";
import { ResourceGroup } from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { ComputeCluster, Workspace, type Isolation, type OutboundRule } from "pulumi-azureml";

/** A virtual network, a workspace isolated as the stack's configuration says, and a cluster without public addresses. */
const config = new pulumi.Config();
const location = "westeurope";
const tags = { team: config.get("team") ?? "risk" };
const group = new ResourceGroup("network", { resourceGroupName: "rg-network", location });
const network = new VirtualNetwork("network", {
  resourceGroupName: group.name,
  virtualNetworkName: "vnet",
  location,
  addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
  subnets: [{ name: "endpoints", addressPrefix: "10.0.1.0/24" }],
});
const subnetId = pulumi.interpolate`${network.id}/subnets/endpoints`;
const isolations: Record<string, Isolation> = {
  private: { mode: "private", subnetId },
  managedApprovedOnly: {
    mode: "managedApprovedOnly",
    outboundRules: config.requireObject<Record<string, OutboundRule>>("outboundRules"),
    privateEndpoints: { subnetId },
  },
};
const isolation = isolations[config.require("isolation")];
const workspace = new Workspace("ws", { location, nameSuffix: "a1", isolation, onDelete: "purge", tags });
new ComputeCluster("trainer", {
  workspaceId: workspace.id,
  location,
  vmSize: "Standard_DS3_v2",
  maxNodes: 1,
  subnetId: workspace.computeSubnetId,
  managedNetwork: workspace.managedNetwork,
});

export const { id } = workspace;
