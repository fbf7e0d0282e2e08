import { MlflowModel, type MlflowModelArgs } from "../../components";
import { mlflowModelRules } from "../../components/mlflow-model";
import type { ArgumentCases } from "../helpers/argument-cases";
import { REGISTRY_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";

const SERVER = Object.fromEntries(
  [
    "trackingUri",
    "auth.kind",
    "auth.usernameVariable",
    "auth.passwordVariable",
    "auth.tokenVariable",
    "allowHttp",
  ].map((key) => [
    `sourceServer.${key}`,
    "says where files are read: test/conformance/mlflow-models.test.ts",
  ]),
);

export const mlflowModel: ArgumentCases<MlflowModelArgs> = {
  component: "MlflowModel",
  rules: mlflowModelRules,
  declare: (name, args) => new MlflowModel(name, args),
  cases: [
    {
      workspaceId: WORKSPACE_ID,
      modelName: "churn",
      path: "models/churn",
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
  ],
  exempt: {
    ...SERVER,
    onDelete: "decides whether deleting the resource deletes the version",
    fix: "changes the files that are uploaded: test/unit/models-fix.test.ts",
  },
};
