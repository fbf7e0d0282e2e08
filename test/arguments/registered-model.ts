import { RegisteredModel, type RegisteredModelArgs } from "../../components";
import { registeredModelRules } from "../../components/registered-model-args";
import { argumentPaths, type ArgumentCases } from "../helpers/argument-cases";
import { WORKSPACE_ID } from "../helpers/pulumi-mocks";

const OTHER_DOOR = "goes to MLflow, not to Azure Resource Manager: test/conformance/mlflow-resources.test.ts";

export const registeredModel: ArgumentCases<RegisteredModelArgs> = {
  component: "RegisteredModel",
  rules: registeredModelRules,
  declare: (name, args) => new RegisteredModel(name, args),
  cases: [
    {
      workspaceId: WORKSPACE_ID,
      modelName: "churn",
      description: "Who leaves",
      tags: { team: "risk" },
      onDelete: "delete",
    },
  ],
  exempt: Object.fromEntries(argumentPaths(registeredModelRules).map((path) => [path, OTHER_DOOR])),
};
