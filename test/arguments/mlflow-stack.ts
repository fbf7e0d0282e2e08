import { MlflowStack, type MlflowStackArgs } from "../../components";
import { mlflowStackRules } from "../../components/mlflow-stack-args";
import type { ArgumentCases } from "../helpers/argument-cases";
import { GROUP_ID } from "../helpers/pulumi-mocks";

export const mlflowStack: ArgumentCases<MlflowStackArgs> = {
  component: "MlflowStack",
  rules: mlflowStackRules,
  declare: (name, args) => new MlflowStack(name, args),
  cases: [
    {
      location: "westeurope",
      namePrefix: "churn-dev",
      protectData: true,
      workspace: { containerRegistry: "create" },
      clusters: { training: { vmSize: "Standard_DS3_v2", maxNodes: 4 } },
      computeInstances: { ada: { vmSize: "Standard_DS3_v2" } },
      kubernetesComputes: {
        aks: { clusterId: `${GROUP_ID}/providers/Microsoft.ContainerService/managedClusters/aks` },
      },
      datastores: {
        lake: {
          datastoreName: "lake",
          storage: {
            kind: "AzureBlob",
            accountId: `${GROUP_ID}/providers/Microsoft.Storage/storageAccounts/stdata`,
            containerName: "raw",
          },
        },
      },
      model: { modelName: "churn", path: "models/churn" },
      endpoint: { authMode: "Key" },
      deployment: { instanceType: "Standard_DS3_v2", instances: 3 },
      tags: { team: "risk" },
    },
    {
      location: "westeurope",
      model: { modelName: "churn-b", path: "models/churn" },
      deployment: { instanceType: "Standard_DS3_v2" },
    },
  ],
  exempt: {
    protectData: "makes the engine refuse to delete",
  },
};
