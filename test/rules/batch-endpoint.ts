import { BatchEndpoint, type BatchEndpointArgs } from "../../components";
import { batchEndpointRules } from "../../components/batch-endpoint";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";
import type { RuleCases } from "../helpers/rule-cases";

/** No name of an endpoint, online or batch. */
export const WRONG_ENDPOINT_NAMES = ["be", "1churn", "be--churn", "be-churn-", "be_churn", "x".repeat(33)];

const right: BatchEndpointArgs = { workspaceId: WORKSPACE_ID, location: "westeurope" };
const name = (endpointName: string): RuleCases<BatchEndpointArgs>["cases"][number] => ({
  rule: "endpointName",
  right: { ...right, endpointName: "be-churn" },
  wrong: { endpointName },
  path: "endpointName",
});

export const batchEndpoint: RuleCases<BatchEndpointArgs> = {
  component: "BatchEndpoint",
  declare: (logical, args) => new BatchEndpoint(logical, args),
  rules: batchEndpointRules,
  cases: WRONG_ENDPOINT_NAMES.map(name),
};
