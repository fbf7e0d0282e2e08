import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as resources from "@pulumi/azure-native/resources";
import * as pulumi from "@pulumi/pulumi";
import { ComputeCluster, RegisteredModel } from "pulumi-azureml";

const config = new pulumi.Config();
const platform = new pulumi.StackReference(config.require("platform"));
const workspaceId = platform.requireOutput("workspaceId").apply(String);
const location = platform.requireOutput("location").apply(String);

// The team's own, by azure-native as everywhere else: whom its jobs act as.
const group = new resources.ResourceGroup("fraud", { location });
const identity = new managedidentity.UserAssignedIdentity("fraud", {
  resourceGroupName: group.name,
  location,
});

// And single components, each usable by itself, in the platform's workspace.
const cluster = new ComputeCluster("fraud", {
  workspaceId,
  location,
  vmSize: "Standard_DS3_v2",
  maxNodes: 2,
  identity: { userAssignedIds: [identity.id] },
});
const model = new RegisteredModel("fraud", { workspaceId, modelName: "fraud", onDelete: "delete" });

export const clusterId = cluster.id;
export const modelName = model.name;
