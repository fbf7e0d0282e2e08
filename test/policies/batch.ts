import type { PolicyCase } from "../helpers/policy-cases";

export const cases: readonly PolicyCase[] = [
  {
    rule: "endpoint-entra-id",
    type: "azure-native:machinelearningservices:BatchEndpoint",
    right: { properties: { authMode: "AADToken" } },
    wrong: { properties: { authMode: "Key" } },
    unknown: "properties.authMode",
  },
  {
    rule: "endpoint-name",
    type: "azure-native:machinelearningservices:BatchEndpoint",
    right: { endpointName: "be-churn" },
    wrong: { endpointName: "b--" },
    unknown: "endpointName",
  },
  {
    rule: "deployment-name",
    type: "azure-native:machinelearningservices:BatchDeployment",
    right: { deploymentName: "nightly" },
    wrong: { deploymentName: "1st" },
    unknown: "deploymentName",
  },
  {
    rule: "deployment-pinned-model",
    type: "azure-native:machinelearningservices:BatchDeployment",
    right: { properties: { model: { referenceType: "Id", assetId: "azureml:churn:3" } } },
    wrong: { properties: { model: { referenceType: "Id", assetId: "azureml:churn@latest" } } },
    unknown: "properties.model.assetId",
  },
  {
    rule: "deployment-allowed-registry",
    type: "azure-native:machinelearningservices:BatchDeployment",
    right: {
      properties: {
        model: { referenceType: "Id", assetId: "azureml://registries/ours/models/churn/versions/1" },
      },
    },
    wrong: {
      properties: {
        model: { referenceType: "Id", assetId: "azureml://registries/theirs/models/churn/versions/1" },
      },
    },
    unknown: "properties.model.assetId",
    parameters: { registries: ["ours"] },
  },
];
