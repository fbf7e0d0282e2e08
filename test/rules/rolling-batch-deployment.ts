import { join } from "node:path";
import { RollingBatchDeployment, type RollingBatchDeploymentArgs } from "../../components";
import {
  rollingBatchDeploymentConstraints,
  rollingBatchDeploymentRules,
} from "../../components/rolling-batch-deployment-args";
import { packageRoot } from "../../tools/paths";
import { BATCH_ENDPOINT_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";
import type { RuleCases } from "../helpers/rule-cases";
import { batchDeployment } from "./batch-deployment";

const sample = (name: string): string => join(packageRoot(), "test", "fixtures", "batch", name);
const input = sample("sample");
const right: RollingBatchDeploymentArgs = {
  endpointId: BATCH_ENDPOINT_ID,
  location: "westeurope",
  model: `${WORKSPACE_ID}/models/churn/versions/7`,
  compute: `${WORKSPACE_ID}/computes/batch-cluster`,
  proof: { input },
};
const line = [0, 1, "one.csv"];

/** Those of BatchDeployment, whose args these are. */
const deployed = batchDeployment.cases.map((one): RuleCases<RollingBatchDeploymentArgs>["cases"][number] => ({
  ...one,
  right: { ...one.right, proof: { input } },
}));

export const rollingBatchDeployment: RuleCases<RollingBatchDeploymentArgs> = {
  component: "RollingBatchDeployment",
  declare: (name, args) => new RollingBatchDeployment(name, args),
  rules: rollingBatchDeploymentRules,
  constraints: rollingBatchDeploymentConstraints,
  cases: [
    ...deployed,
    {
      rule: "batch-proof-input-scheme",
      right: { ...right, proof: { input: "azureml://datastores/lake/paths/samples" } },
      wrong: { proof: { input: "s3://bucket/samples" } },
      path: "proof.input",
    },
    {
      rule: "batch-proof-input-signed",
      right: { ...right, proof: { input: "https://account.blob.core.windows.net/data/samples" } },
      wrong: { proof: { input: "https://account.blob.core.windows.net/data/samples?sp=r&sig=abc" } },
      path: "proof.input",
    },
    {
      rule: "batch-proof-input-missing",
      right,
      wrong: { proof: { input: sample("nowhere") } },
      path: "proof.input",
    },
    {
      rule: "batch-proof-input-empty",
      right,
      wrong: { proof: { input: sample("empty") } },
      path: "proof.input",
    },
    {
      rule: "batch-proof-input-nested",
      right,
      wrong: { proof: { input: sample("nested") } },
      path: "proof.input",
    },
    {
      rule: "batch-proof-input-type-of-file",
      right: { ...right, proof: { input: join(input, "one.csv") } },
      wrong: { proof: { input: join(sample("odd"), "notes.txt") } },
      path: "proof.input",
    },
    {
      rule: "proof.expectedRows",
      right: { ...right, proof: { input, expectedRows: 3 } },
      wrong: { proof: { input, expectedRows: -1 } },
      path: "proof.expectedRows",
    },
    {
      rule: "batch-proof-expected-without-rows",
      right: { ...right, proof: { input, expectedRows: 3, expected: [line] } },
      wrong: { proof: { input, expected: [line] } },
      path: "proof.expectedRows",
    },
    {
      rule: "batch-proof-expected-without-rows",
      right: { ...right, proof: { input, expectedRows: 1, expected: [line] } },
      wrong: { proof: { input, expectedRows: 1, expected: [line, line] } },
      path: "proof.expected",
    },
    {
      rule: "batch-proof-expected-columns",
      right: { ...right, proof: { input, columns: 3, expectedRows: 3, expected: [line] } },
      wrong: { proof: { input, columns: 2, expectedRows: 3, expected: [line] } },
      path: "proof.expected.0",
    },
    {
      rule: "batch-proof-output-of-script",
      right: { ...right, outputAction: "SummaryOnly" },
      wrong: { proof: { input, expectedRows: 3 } },
      path: "proof.expectedRows",
    },
    { rule: "keepGenerations", right, wrong: { keepGenerations: 19 }, path: "keepGenerations" },
  ],
};
