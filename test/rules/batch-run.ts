import { BatchRun, type BatchRunArgs } from "../../components";
import { batchRunConstraints, batchRunRules } from "../../components/batch-run-args";
import { assetFixture } from "../helpers/asset-fixtures";
import { BATCH_ENDPOINT_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";
import type { RuleCases } from "../helpers/rule-cases";

const uri = "azureml://datastores/lake/paths/new/";
const right: BatchRunArgs = { endpointId: BATCH_ENDPOINT_ID, input: { uri } };
const local: BatchRunArgs = { ...right, input: { path: assetFixture("table") } };

export const batchRun: RuleCases<BatchRunArgs> = {
  component: "BatchRun",
  declare: (name, args) => new BatchRun(name, args),
  rules: batchRunRules,
  constraints: batchRunConstraints,
  cases: [
    { rule: "input.uri", right, wrong: { input: { uri: "s3://bucket/new" } }, path: "input.uri" },
    {
      rule: "outputUri",
      right,
      wrong: { outputUri: "https://st.blob.core.windows.net/c/out" },
      path: "outputUri",
    },
    { rule: "batch-run-no-input", right, wrong: { input: {} }, path: "input" },
    { rule: "batch-run-two-inputs", right, wrong: { input: { ...local.input, uri } }, path: "input.path" },
    {
      rule: "batch-run-signed-input",
      right: { ...right, input: { uri: "https://stdata.blob.core.windows.net/new/a.csv" } },
      wrong: { input: { uri: "https://stdata.blob.core.windows.net/new/a.csv?sig=secret" } },
      path: "input.uri",
    },
    {
      rule: "batch-run-file-is-folder",
      right,
      wrong: { input: { uri, type: "uri_file" } },
      path: "input.uri",
    },
    {
      rule: "batch-run-version-elsewhere",
      right: { ...right, input: { uri: `${WORKSPACE_ID}/data/churn/versions/7` } },
      wrong: { input: { uri: `${WORKSPACE_ID.replace("mlw-test", "mlw-other")}/data/churn/versions/7` } },
      path: "input.uri",
    },
    {
      rule: "batch-run-local-input",
      right: local,
      wrong: { input: { path: assetFixture("nowhere") } },
      path: "input.path",
    },
    {
      rule: "batch-run-local-type",
      right: local,
      wrong: { input: { ...local.input, type: "uri_file" } },
      path: "input.type",
    },
  ],
};
