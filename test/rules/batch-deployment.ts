import { BatchDeployment, type BatchDeploymentArgs } from "../../components";
import { batchDeploymentConstraints, batchDeploymentRules } from "../../components/batch-deployment-args";
import { BATCH_ENDPOINT_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";
import type { RuleCases } from "../helpers/rule-cases";
import { scoringCodeCases } from "../helpers/scoring-code-cases";

const right = {
  endpointId: BATCH_ENDPOINT_ID,
  location: "westeurope",
  model: `${WORKSPACE_ID}/models/churn/versions/7`,
  compute: `${WORKSPACE_ID}/computes/batch-cluster`,
} satisfies BatchDeploymentArgs;
const pipeline = {
  endpointId: BATCH_ENDPOINT_ID,
  location: "westeurope",
  pipelineComponent: { componentId: `${WORKSPACE_ID}/components/prepare/versions/2` },
} satisfies BatchDeploymentArgs;
const elsewhere = (id: string): string => id.replace("mlw-test", "mlw-other");

export const batchDeployment: RuleCases<BatchDeploymentArgs> = {
  component: "BatchDeployment",
  declare: (name, args) => new BatchDeployment(name, args),
  rules: batchDeploymentRules,
  constraints: batchDeploymentConstraints,
  cases: [
    ...scoringCodeCases<BatchDeploymentArgs>(right),
    { rule: "instances", right, wrong: { instances: 0 }, path: "instances" },
    { rule: "miniBatchSize", right, wrong: { miniBatchSize: 0 }, path: "miniBatchSize" },
    {
      rule: "concurrencyPerInstance",
      right,
      wrong: { concurrencyPerInstance: 0 },
      path: "concurrencyPerInstance",
    },
    {
      rule: "retries.maxRetries",
      right: { ...right, retries: { maxRetries: 0 } },
      wrong: { retries: { maxRetries: -1 } },
      path: "retries.maxRetries",
    },
    {
      rule: "retries.timeoutSeconds",
      right: { ...right, retries: { timeoutSeconds: 259_200 } },
      wrong: { retries: { timeoutSeconds: 259_201 } },
      path: "retries.timeoutSeconds",
    },
    {
      rule: "errorThreshold",
      right: { ...right, errorThreshold: -1 },
      wrong: { errorThreshold: -2 },
      path: "errorThreshold",
    },
    {
      rule: "outputAction",
      right: { ...right, outputAction: "AppendRow" },
      wrong: { outputAction: "append_row" },
      path: "outputAction",
    },
    {
      rule: "outputFileName",
      right: { ...right, outputFileName: "scores.csv" },
      wrong: { outputFileName: "out/scores.csv" },
      path: "outputFileName",
    },
    {
      rule: "loggingLevel",
      right: { ...right, loggingLevel: "Debug" },
      wrong: { loggingLevel: "Verbose" },
      path: "loggingLevel",
    },
    {
      rule: "pipelineComponent.componentId",
      right: {
        ...pipeline,
        pipelineComponent: { componentId: "azureml://registries/shared/components/prepare/versions/2" },
      },
      wrong: { pipelineComponent: { componentId: "azureml:prepare:2" } },
      path: "pipelineComponent.componentId",
    },
    { rule: "batch-deployment-nothing-to-run", right, wrong: { model: undefined }, path: "model" },
    {
      rule: "batch-deployment-model-and-pipeline",
      right: pipeline,
      wrong: { model: right.model, compute: right.compute },
      path: "pipelineComponent",
    },
    {
      rule: "batch-deployment-model-settings-of-pipeline",
      right: pipeline,
      wrong: { miniBatchSize: 4 },
      path: "miniBatchSize",
    },
    { rule: "batch-deployment-needs-compute", right, wrong: { compute: undefined }, path: "compute" },
    {
      rule: "batch-deployment-compute-elsewhere",
      right,
      wrong: { compute: elsewhere(right.compute) },
      path: "compute",
    },
    {
      rule: "batch-deployment-model-elsewhere",
      right,
      wrong: { model: elsewhere(right.model) },
      path: "model",
    },
    {
      rule: "batch-deployment-component-elsewhere",
      right: pipeline,
      wrong: {
        pipelineComponent: { componentId: elsewhere(pipeline.pipelineComponent.componentId) },
      },
      path: "pipelineComponent.componentId",
    },
    {
      rule: "batch-deployment-file-name-of-summary",
      right: { ...right, outputAction: "AppendRow", outputFileName: "scores.csv" },
      wrong: { outputAction: "SummaryOnly" },
      path: "outputFileName",
    },
  ],
};
