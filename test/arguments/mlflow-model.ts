import { MlflowModel, type MlflowModelArgs } from "../../components";
import { mlflowModelRules } from "../../components/mlflow-model";
import type { ArgumentCases } from "../helpers/argument-cases";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";

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
      onDelete: "delete",
    },
  ],
  exempt: { onDelete: "decides whether deleting the resource deletes the version" },
};
