import * as pulumi from "@pulumi/pulumi";
import { ComputeCluster, MlflowModel, Workspace } from "pulumi-azureml";

export const location = "westeurope";

/** What every program with a batch endpoint stands on: a workspace, the stack's model in it, and a cluster. @param nameSuffix ends the names of all that is made */
export function batchParts(nameSuffix: string, maxNodes: number) {
  const config = new pulumi.Config();
  const workspace = new Workspace("ws", {
    location,
    nameSuffix,
    onDelete: "purge",
    dataContributors: { deployer: { objectId: config.require("deployer") } },
  });
  const model = new MlflowModel("model", {
    workspaceId: workspace.id,
    modelName: "churn",
    path: config.require("model"),
  });
  const cluster = new ComputeCluster("scorers", {
    workspaceId: workspace.id,
    location,
    vmSize: "Standard_DS3_v2",
    maxNodes,
  });
  return { workspace, model, cluster };
}
