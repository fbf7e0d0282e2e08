import * as pulumi from "@pulumi/pulumi";
import { ComputeCluster, Schedule, TrainingJob, Workspace } from "pulumi-azureml";

/** A script trained as the program runs; the stack's configuration says which, with what parameter and whether `up` waits for it. It ends as soon as the file `gate` is there. */
const config = new pulumi.Config();
const location = "westeurope";

const workspace = new Workspace("ws", {
  location,
  nameSuffix: "tj1",
  onDelete: "purge",
  dataContributors: { deployer: { objectId: config.require("deployer") } },
});
const cluster = new ComputeCluster("trainers", {
  workspaceId: workspace.id,
  location,
  vmSize: "Standard_DS3_v2",
  maxNodes: 1,
});
const job = new TrainingJob("churn", {
  workspaceId: workspace.id,
  command: "python train.py ${{inputs.rate}} ${{inputs.rows}}",
  code: config.require("code"),
  environment: { image: "mcr.microsoft.com/azureml/base:1", condaFile: config.require("conda") },
  inputs: { rate: config.requireNumber("rate"), rows: { type: "uri_folder", path: config.require("rows") } },
  environmentVariables: { GATE: config.require("gate") },
  computeId: cluster.id,
  tags: { team: config.get("team") ?? "risk" },
  wait: config.getBoolean("wait") ?? true,
});

const schedule = new Schedule("again", {
  jobId: config.get("scheduled") || job.id,
  cron: "0 6 * * 1",
  enabled: false,
});

export const scheduleId = schedule.id;
export const { id, runId, status, metrics, params, models } = job;
