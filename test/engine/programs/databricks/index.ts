import * as pulumi from "@pulumi/pulumi";
import { MlflowModel } from "pulumi-azureml";

/** Two models in a Databricks workspace's registry: one of this machine, and what a run there logged. */
const config = new pulumi.Config();
const server = {
  trackingUri: config.require("databricks"),
  auth: { kind: "Token", tokenVariable: "DATABRICKS_TOKEN" },
} as const;
const fromHere = new MlflowModel("from-here", {
  server,
  modelName: "from-here",
  path: config.require("path"),
  tags: { team: config.require("team") },
  aliases: ["champion"],
});
const fromRun = new MlflowModel("from-run", { server, modelName: "from-run", source: config.require("run") });
export const { id, digest, modelUri } = fromHere;
export const fromRunId = fromRun.id;
