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
      environments: { training: { environmentName: "training", image: "python:3.11" } },
      dataAssets: {
        train: { dataName: "train", type: "uri_folder", path: "azureml://datastores/lake/paths/train" },
      },
      connections: {
        search: {
          connectionName: "search",
          category: "CognitiveSearch",
          target: "https://srch.search.windows.net",
        },
      },
      alerts: {
        actionGroup: { emails: { ada: "ada@example.org" } },
        errors: { perMinute: 1 },
        capacity: { leastInstances: 2 },
      },
      budget: {
        monthlyAmount: 100,
        startDate: "2026-11-01",
        endDate: "2030-11-01",
        notifications: { near: { percent: 80, emails: ["ada@example.org"] } },
      },
      model: { modelName: "churn", path: "models/churn" },
      endpoint: { authMode: "Key" },
      deployment: { instanceType: "Standard_DS3_v2", instances: 3, strategy: { kind: "allAtOnce" } },
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
