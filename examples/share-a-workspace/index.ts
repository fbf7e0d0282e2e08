import * as pulumi from "@pulumi/pulumi";
import { ComputeCluster, OnlineEndpoint } from "pulumi-azureml";

const config = new pulumi.Config();

// All that the platform's stack gives: where the workspace is.
const platform = new pulumi.StackReference(config.require("platform"));
const workspaceId = platform.requireOutput("workspaceId").apply(String);
const location = platform.requireOutput("location").apply(String);

const cluster = new ComputeCluster("risk", {
  workspaceId,
  location,
  vmSize: "Standard_DS3_v2",
  maxNodes: 2,
});
const endpoint = new OnlineEndpoint("risk", { workspaceId, location });

export const clusterId = cluster.id;
export const scoringUri = endpoint.scoringUri;
