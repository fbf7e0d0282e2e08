import { BatchRun, type BatchRunArgs } from "../../components";
import { batchRunRules } from "../../components/batch-run-args";
import { argumentPaths, type ArgumentCases } from "../helpers/argument-cases";
import { BATCH_ENDPOINT_ID } from "../helpers/pulumi-mocks";

const OTHER_DOOR = "goes to the endpoint, not to Azure Resource Manager: test/unit/batch-run.test.ts";

export const batchRun: ArgumentCases<BatchRunArgs> = {
  component: "BatchRun",
  rules: batchRunRules,
  declare: (name, args) => new BatchRun(name, args),
  cases: [
    {
      endpointId: BATCH_ENDPOINT_ID,
      deployment: "first",
      input: { uri: "azureml://datastores/lake/paths/new/", type: "uri_folder" },
      outputUri: "azureml://datastores/lake/paths/scores",
      rerun: "2026-01-31",
      wait: false,
      deadlineSeconds: 600,
      onDestroy: "leave",
    },
  ],
  exempt: Object.fromEntries(argumentPaths(batchRunRules).map((path) => [path, OTHER_DOOR])),
};
