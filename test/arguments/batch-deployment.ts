import { BatchDeployment, type BatchDeploymentArgs } from "../../components";
import { batchDeploymentRules } from "../../components/batch-deployment-args";
import type { ArgumentCases } from "../helpers/argument-cases";
import { assetFixture } from "../helpers/asset-fixtures";
import { BATCH_ENDPOINT_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";

const minimal = {
  endpointId: BATCH_ENDPOINT_ID,
  location: "westeurope",
  compute: `${WORKSPACE_ID}/computes/batch-cluster`,
} satisfies BatchDeploymentArgs;

export const batchDeployment: ArgumentCases<BatchDeploymentArgs> = {
  component: "BatchDeployment",
  rules: batchDeploymentRules,
  declare: (name, args) => new BatchDeployment(name, args),
  cases: [
    {
      ...minimal,
      model: `${WORKSPACE_ID}/models/churn/versions/7`,
      code: { path: assetFixture("scoring"), scoringScript: "nested/main.py" },
      environment: `${WORKSPACE_ID}/environments/plain/versions/3`,
      instances: 3,
      instanceType: "large",
      miniBatchSize: 4,
      concurrencyPerInstance: 2,
      retries: { maxRetries: 5, timeoutSeconds: 300 },
      errorThreshold: 10,
      outputAction: "AppendRow",
      outputFileName: "scores.csv",
      loggingLevel: "Debug",
      environmentVariables: { LOG_LEVEL: "warning" },
      description: "Scores the month's customers",
      tags: { team: "risk" },
    },
    {
      ...minimal,
      model: `${WORKSPACE_ID}/models/churn/versions/8`,
      code: { path: assetFixture("other-scoring"), scoringScript: "score.py" },
      environment: "azureml://registries/azureml/environments/sklearn-1.5/versions/35",
      outputAction: "SummaryOnly",
      loggingLevel: "Info",
    },
    {
      ...minimal,
      pipelineComponent: {
        componentId: `${WORKSPACE_ID}/components/prepare_and_score/versions/2`,
        continueOnStepFailure: false,
        forceRerun: true,
        defaultDatastore: "workspaceblobstore",
      },
    },
  ],
};
