import { MlflowModel, type MlflowModelArgs } from "../../components";
import { mlflowModelRules } from "../../components/mlflow-model";
import type { ArgumentCases } from "../helpers/argument-cases";
import { REGISTRY_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";
import { exemptServers } from "./mlflow-servers";

export const mlflowModel: ArgumentCases<MlflowModelArgs> = {
  component: "MlflowModel",
  rules: mlflowModelRules,
  declare: (name, args) => new MlflowModel(name, args),
  cases: [
    {
      workspaceId: WORKSPACE_ID,
      modelName: "churn",
      path: "models/churn",
      expectedDigest: "4f".repeat(32),
      description: "Gradient boosting",
      tags: { team: "risk" },
      aliases: ["champion"],
      onDelete: "delete",
    },
    {
      registryId: REGISTRY_ID,
      modelName: "churn",
      source: `${WORKSPACE_ID}/models/churn/versions/3`,
      fix: true,
    },
    {
      workspaceId: WORKSPACE_ID,
      modelName: "churn",
      source: "runs:/4f/model",
      accept: {
        runMetrics: [{ metric: "accuracy", min: 0.9, max: 1, maxDrop: 0, maxRise: 1 }],
        endpointId: `${WORKSPACE_ID}/onlineEndpoints/churn`,
      },
    },
  ],
  exempt: {
    ...exemptServers,
    expectedDigest: "decides whether a version is registered: test/provider/models.test.ts",
    onDelete: "decides whether deleting the resource deletes the version",
    ...Object.fromEntries(
      [
        "runMetrics.*.metric",
        "runMetrics.*.min",
        "runMetrics.*.max",
        "runMetrics.*.maxDrop",
        "runMetrics.*.maxRise",
        "endpointId",
      ].map((path) => [
        `accept.${path}`,
        "decides whether a version is registered: test/unit/models-acceptance.test.ts",
      ]),
    ),
    fix: "changes the files that are uploaded: test/unit/models-fix.test.ts",
  },
};
