import { BatchEndpoint, type BatchEndpointArgs } from "../../components";
import { batchEndpointRules } from "../../components/batch-endpoint";
import type { ArgumentCases } from "../helpers/argument-cases";
import { IDENTITY_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";

export const batchEndpoint: ArgumentCases<BatchEndpointArgs> = {
  component: "BatchEndpoint",
  rules: batchEndpointRules,
  declare: (name, args) => new BatchEndpoint(name, args),
  cases: [
    {
      workspaceId: WORKSPACE_ID,
      location: "westeurope",
      endpointName: "be-churn",
      identityId: IDENTITY_ID,
      description: "Scores the month's customers",
      tags: { team: "risk" },
    },
  ],
};
