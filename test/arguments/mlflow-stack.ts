import { MlflowStack, type MlflowStackArgs } from "../../components";
import { mlflowStackRules } from "../../components/mlflow-stack";
import type { ArgumentCases } from "../helpers/argument-cases";
import { guid } from "../helpers/pulumi-mocks";

export const mlflowStack: ArgumentCases<MlflowStackArgs> = {
  component: "MlflowStack",
  rules: mlflowStackRules,
  declare: (name, args) => new MlflowStack(name, args),
  cases: [
    {
      location: "westeurope",
      namePrefix: "churn-dev",
      containerRegistry: "create",
      dataContributors: { ada: { objectId: guid("ada"), principalType: "User" } },
      onDelete: "purge",
      protectData: true,
      compute: { vmSize: "Standard_DS3_v2", minNodes: 1, maxNodes: 4, idleSeconds: 300 },
      model: { name: "churn", path: "models/churn", onDelete: "delete" },
      serving: { authMode: "Key", instanceType: "Standard_DS3_v2", instances: 3 },
      tags: { team: "risk" },
    },
    {
      location: "westeurope",
      compute: { vmSize: "Standard_DS3_v2", minNodes: 0, maxNodes: 1, idleSeconds: 300 },
      model: { name: "churn", path: "models/churn", onDelete: "retain" },
      serving: { authMode: "AADToken", instanceType: "Standard_DS3_v2", instances: 1 },
    },
  ],
  exempt: {
    protectData: "makes the engine refuse to delete",
    "model.onDelete": "decides whether deleting the model's resource deletes the version",
  },
};
