import { CustomModel, type CustomModelArgs } from "../../components";
import { customModelRules } from "../../components/custom-model";
import type { ArgumentCases } from "../helpers/argument-cases";
import { REGISTRY_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";
import { exemptServers } from "./mlflow-servers";

export const customModel: ArgumentCases<CustomModelArgs> = {
  component: "CustomModel",
  rules: customModelRules,
  declare: (name, args) => new CustomModel(name, args),
  cases: [
    {
      workspaceId: WORKSPACE_ID,
      modelName: "churn",
      path: "models/churn",
      type: "triton_model",
      expectedDigest: "4f".repeat(32),
      description: "As ONNX",
      tags: { team: "risk" },
      aliases: ["champion"],
      onDelete: "delete",
    },
    { registryId: REGISTRY_ID, modelName: "churn", source: "azureml://datastores/lake/paths/churn" },
  ],
  exempt: {
    expectedDigest: "decides whether a version is registered: test/provider/models.test.ts",
    onDelete: "decides whether deleting the resource deletes the version",
    ...exemptServers,
  },
};
