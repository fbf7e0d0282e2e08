import * as pulumi from "@pulumi/pulumi";
import { commandStep, Pipeline, pipelineStep, sweepStep, Workspace } from "pulumi-azureml";

/** A sweep whose best trial's file is judged by a pipeline that is a step; the configuration says where the code is. */
const config = new pulumi.Config();
const workspace = new Workspace("ws", {
  location: "westeurope",
  nameSuffix: "pl1",
  onDelete: "purge",
  dataContributors: { deployer: { objectId: config.require("deployer") } },
});
const each = {
  code: config.require("code"),
  environment: { image: "mcr.microsoft.com/azureml/base:1", condaFile: config.require("conda") },
};
const search = sweepStep({
  ...each,
  command: "python search.py ${{search_space.rate}} ${{outputs.rate}}",
  outputs: { rate: { type: "uri_file" } },
  searchSpace: { rate: { type: "choice", values: [0.1, 0.3] } },
  samplingAlgorithm: { kind: "Grid" },
  objective: { primaryMetric: "score", goal: "Maximize" },
  limits: { maxTotalTrials: 2 },
});
const judge = commandStep({
  ...each,
  command: "python judge.py ${{inputs.rate}} ${{inputs.factor}} ${{outputs.report}}",
  inputs: { rate: { type: "uri_file", from: search.outputs.rate }, factor: 10 },
  outputs: { report: { type: "uri_file" } },
});
const judged = pipelineStep({ steps: { judge }, outputs: { report: judge.outputs.report } });
const last = commandStep({
  ...each,
  command: "python last.py ${{inputs.report}}",
  inputs: { report: { type: "uri_file", from: judged.outputs.report } },
});
const pipeline = new Pipeline("search", { workspaceId: workspace.id, steps: { search, judged, last } });

export const { status, stepRuns } = pipeline;
