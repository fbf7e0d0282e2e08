import { commandStep, Pipeline, pipelineStep, sweepStep, type PipelineArgs } from "../../components";
import { pipelineRules } from "../../components/pipeline-args";
import { pipelineConstraints } from "../../components/pipeline-constraints";
import { assetFixture } from "../helpers/asset-fixtures";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";
import type { RuleCases } from "../helpers/rule-cases";

const where = {
  code: assetFixture("scoring"),
  environmentId: `${WORKSPACE_ID}/environments/sklearn/versions/3`,
};
const prepare = commandStep({
  ...where,
  command: "python score.py ${{outputs.data}}",
  outputs: { data: { type: "uri_folder" } },
});
const data = { type: "uri_folder", from: prepare.outputs.data } as const;
const train = commandStep({ ...where, command: "python score.py ${{inputs.data}}", inputs: { data } });
const right: PipelineArgs = {
  workspaceId: WORKSPACE_ID,
  steps: { prepare, train },
  outputs: { data: prepare.outputs.data },
};
/** What TypeScript lets nobody write, but JavaScript does. */
const reading = (input: object): object => ({
  steps: { prepare, train: { ...train, inputs: { data: input } } },
});
const stray = commandStep({ ...where, command: "ls", outputs: { data: { type: "uri_folder" } } });
const circular = commandStep({
  ...where,
  command: "python score.py ${{inputs.data}} ${{outputs.data}}",
  outputs: { data: { type: "uri_folder" } },
});
Object.assign(circular, { inputs: { data: { type: "uri_folder", from: circular.outputs.data } } });

const sweep = sweepStep({
  ...where,
  command: "python score.py ${{inputs.data}} ${{search_space.rate}}",
  inputs: { data },
  searchSpace: { rate: { type: "choice", values: [0.1, 1] } },
  samplingAlgorithm: { kind: "Grid" },
  objective: { primaryMetric: "accuracy", goal: "Maximize" },
  limits: { maxTotalTrials: 2 },
});
const literal = commandStep({ ...where, command: "ls ${{inputs.x}}", inputs: { x: 1 } });
const joined = commandStep({ ...where, command: "ls ${{inputs.data_x}}", inputs: { data_x: 1 } });
const searching: PipelineArgs = { ...right, steps: { prepare, sweep } };

const nested = pipelineStep({ steps: { train } });
const nesting: PipelineArgs = { ...right, steps: { prepare, nested } };

export const pipeline: RuleCases<PipelineArgs> = {
  component: "Pipeline",
  declare: (name, args) => new Pipeline(name, args),
  rules: pipelineRules,
  constraints: pipelineConstraints,
  cases: [
    { rule: "pipeline-without-steps", right, wrong: { steps: {}, outputs: undefined }, path: "steps" },
    {
      rule: "pipeline-names",
      right,
      wrong: { steps: { prepare, train, Judge: prepare } },
      path: "steps.Judge",
    },
    {
      rule: "pipeline-names",
      right,
      wrong: { outputs: { "the-data": prepare.outputs.data } },
      path: "outputs.the-data",
    },
    {
      rule: "pipeline-step",
      right,
      wrong: { steps: { prepare, train: { ...train, command: "python score.py ${{inputs.datta}}" } } },
      path: "steps.train.command",
    },
    {
      rule: "pipeline-step",
      right,
      wrong: { computeId: WORKSPACE_ID.replace("mlw-test", "mlw-other/computes/cpu") },
      path: "computeId",
    },
    {
      rule: "pipeline-output-of-no-step",
      right,
      wrong: reading({ type: "uri_folder", from: stray.outputs.data }),
      path: "steps.train.inputs.data.from",
    },
    {
      rule: "pipeline-output-of-no-step",
      right,
      wrong: { outputs: { data: stray.outputs.data } },
      path: "outputs.data",
    },
    {
      rule: "pipeline-input-type",
      right,
      wrong: reading({ ...data, type: "mlflow_model" }),
      path: "steps.train.inputs.data.type",
    },
    {
      rule: "pipeline-input-place",
      right,
      wrong: reading({ ...data, uri: "azureml://datastores/lake/paths/new/" }),
      path: "steps.train.inputs.data",
    },
    {
      rule: "pipeline-step",
      right: searching,
      wrong: {
        steps: { prepare, sweep: { ...sweep, limits: { maxTotalTrials: 2, maxConcurrentTrials: 3 } } },
      },
      path: "steps.sweep.limits.maxConcurrentTrials",
    },
    {
      rule: "pipeline-search-space-input",
      right: searching,
      wrong: {
        steps: {
          prepare,
          sweep: {
            ...sweep,
            command: "python score.py ${{search_space.data}}",
            searchSpace: { data: { type: "choice", values: [0.1, 1] } },
          },
        },
      },
      path: "steps.sweep.searchSpace.data",
    },
    {
      rule: "pipeline-input-twice",
      right,
      wrong: { steps: { prepare, train, judge_data: literal, judge: joined } },
      path: "steps.judge.inputs.data_x",
    },
    {
      rule: "pipeline-without-steps",
      right: nesting,
      wrong: { steps: { prepare, nested: pipelineStep({ steps: {} }) } },
      path: "steps.nested.steps",
    },
    {
      rule: "pipeline-step",
      right: nesting,
      wrong: {
        steps: {
          prepare,
          nested: pipelineStep({ steps: { train: { ...train, command: "ls ${{inputs.datta}}" } } }),
        },
      },
      path: "steps.nested.steps.train.command",
    },
    {
      rule: "pipeline-output-of-no-step",
      right: nesting,
      wrong: { steps: { nested }, outputs: undefined },
      path: "steps.nested.steps.train.inputs.data.from",
    },
    {
      rule: "pipeline-circle",
      right,
      wrong: { steps: { circular }, outputs: undefined },
      path: "steps.circular.inputs",
    },
    {
      rule: "pipeline-output-twice",
      right,
      wrong: { outputs: { data: prepare.outputs.data, again: prepare.outputs.data } },
      path: "outputs.again",
    },
  ],
};
