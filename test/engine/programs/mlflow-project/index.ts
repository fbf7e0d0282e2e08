import * as pulumi from "@pulumi/pulumi";
import { ComputeCluster, MlflowProject, Workspace } from "pulumi-azureml";

/** A project of a repository, run as the program runs; the stack's configuration says which, and with what parameters. */
const config = new pulumi.Config();
const location = "westeurope";

const workspace = new Workspace("ws", {
  location,
  nameSuffix: "mp1",
  onDelete: "purge",
  dataContributors: { deployer: { objectId: config.require("deployer") } },
});
const cluster = new ComputeCluster("runners", {
  workspaceId: workspace.id,
  location,
  vmSize: "Standard_DS3_v2",
  maxNodes: 1,
});
const project = new MlflowProject("readings", {
  workspaceId: workspace.id,
  uri: config.require("uri"),
  version: config.require("version"),
  parameters: { above: pulumi.output(config.require("above")), data: config.require("data") },
  computeId: cluster.id,
});

export const { runId, status, metrics, command } = project;
