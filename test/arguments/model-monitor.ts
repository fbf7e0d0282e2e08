import { ModelMonitor, type ModelMonitorArgs } from "../../components";
import { modelMonitorRules } from "../../components/model-monitor-args";
import type { ArgumentCases } from "../helpers/argument-cases";
import { ENDPOINT_ID, IDENTITY_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";

const COMPONENT_ID = `${WORKSPACE_ID}/components/prepare/versions/1`;
const compute = { instanceType: "Standard_E4s_v3" };
const training = { uri: "azureml:training:1", context: "training" };

export const modelMonitor: ArgumentCases<ModelMonitorArgs> = {
  component: "ModelMonitor",
  rules: modelMonitorRules,
  declare: (name, args) => new ModelMonitor(name, args),
  cases: [
    {
      workspaceId: WORKSPACE_ID,
      compute: { instanceType: "Standard_E8s_v3", runtimeVersion: "3.4", identityId: IDENTITY_ID },
      deploymentId: `${ENDPOINT_ID}/deployments/blue`,
      taskType: "Classification",
      signals: {
        drift: {
          type: "DataDrift",
          production: {
            uri: "azureml:collected:1",
            type: "uri_folder",
            context: "model_inputs",
            columns: { correlation_id: "id" },
            preprocessingComponentId: COMPONENT_ID,
            trailing: { size: "P7D", offset: "P1D" },
          },
          reference: {
            uri: "azureml:training:1",
            type: "mltable",
            context: "training",
            columns: { target_column: "churned" },
            preprocessingComponentId: COMPONENT_ID,
            between: { start: "2026-01-01T00:00:00Z", end: "2026-02-01T00:00:00Z" },
          },
          topFeatures: 10,
          targetColumn: "churned",
          featureTypes: { plan: "Categorical", months: "Numerical" },
          alert: false,
          thresholds: {
            numerical: {
              JensenShannonDistance: 0.1,
              NormalizedWassersteinDistance: 0.2,
              PopulationStabilityIndex: 0.3,
              TwoSampleKolmogorovSmirnovTest: 0.4,
            },
            categorical: {
              JensenShannonDistance: 0.1,
              PopulationStabilityIndex: 0.2,
              PearsonsChiSquaredTest: 0.3,
            },
          },
        },
        quality: {
          type: "DataQuality",
          production: { uri: "azureml:collected:1", context: "model_inputs", trailing: { size: "PT12H" } },
          reference: { ...training, between: { start: "2026-01-02T00:00:00Z", end: "2026-01-31T00:00:00Z" } },
          features: ["months", "plan"],
          thresholds: {
            numerical: { NullValueRate: 0.1, DataTypeErrorRate: 0.2, OutOfBoundsRate: 0.3 },
            categorical: { NullValueRate: 0.1, DataTypeErrorRate: 0.2, OutOfBoundsRate: 0.3 },
          },
        },
        early: {
          type: "DataQuality",
          production: {
            uri: "azureml:collected:2",
            context: "model_inputs",
            between: { start: "2026-01-01T00:00:00Z", end: "2026-02-01T00:00:00Z" },
          },
          reference: {
            uri: "azureml:collected:1",
            context: "model_inputs",
            type: "uri_folder",
            preprocessingComponentId: COMPONENT_ID,
            trailing: { size: "P30D", offset: "P7D" },
          },
          thresholds: { numerical: { NullValueRate: 0 } },
        },
        own: {
          type: "Custom",
          componentId: COMPONENT_ID,
          inputs: { part: "0.5" },
          data: {
            production: {
              uri: "azureml:collected:1",
              type: "uri_folder",
              context: "model_inputs",
              columns: { correlation_id: "id" },
              preprocessingComponentId: COMPONENT_ID,
              trailing: { size: "P7D", offset: "P1D" },
            },
            reference: {
              ...training,
              between: { start: "2026-01-01T00:00:00Z", end: "2026-02-01T00:00:00Z" },
            },
          },
          metrics: { skew: -1.5 },
          alert: false,
        },
      },
      emails: ["risk@example.com"],
      scheduleName: "churn-drift",
      cron: "0 6 * * 1",
      timeZone: "W. Europe Standard Time",
      startTime: "2026-01-31T18:00:00",
      endTime: "2026-12-31T18:00:00",
      enabled: false,
      description: "Whether customers change",
      tags: { team: "risk" },
    },
    {
      workspaceId: WORKSPACE_ID.replace("mlw-test", "mlw-other"),
      compute,
      taskType: "Regression",
      signals: {
        early: {
          type: "DataQuality",
          production: {
            uri: "azureml:collected:3",
            context: "model_inputs",
            between: { start: "2026-01-02T00:00:00Z", end: "2026-03-01T00:00:00Z" },
          },
          reference: {
            uri: "azureml:collected:4",
            context: "model_inputs",
            trailing: { size: "P60D", offset: "P14D" },
          },
          thresholds: { categorical: { OutOfBoundsRate: 0.5 } },
        },
        own: {
          type: "Custom",
          componentId: COMPONENT_ID.replace(/1$/, "2"),
          data: {
            production: { uri: "azureml:collected:1", context: "model_inputs", trailing: { size: "P14D" } },
            reference: {
              uri: "azureml:collected:1",
              context: "model_inputs",
              between: { start: "2026-01-02T00:00:00Z", end: "2026-03-01T00:00:00Z" },
            },
          },
          metrics: { skew: 2 },
        },
      },
      recurrence: { frequency: "Week", interval: 2, hours: [6, 18], minutes: [0, 30], weekDays: ["Monday"] },
    },
    {
      workspaceId: WORKSPACE_ID,
      compute,
      modelId: `${WORKSPACE_ID}/models/churn/versions/7`,
      taskType: "Classification",
      signals: {
        predictions: {
          type: "PredictionDrift",
          production: { uri: "azureml:predicted:1", context: "model_outputs", trailing: { size: "P30D" } },
          reference: { uri: "azureml:validation:1", context: "validation" },
          featureTypes: { churned: "Categorical" },
          alert: true,
          thresholds: { categorical: { PopulationStabilityIndex: 0.2 } },
        },
      },
      emails: ["risk@example.com", "ml@example.com"],
      recurrence: { frequency: "Month", hours: [7], minutes: [15], monthDays: [1, 15] },
    },
    {
      workspaceId: WORKSPACE_ID,
      compute,
      modelId: `${WORKSPACE_ID}/models/churn/versions/8`,
      taskType: "Classification",
      signals: {
        drift: {
          type: "DataDrift",
          production: { uri: "azureml:predicted:1", context: "model_inputs" },
          reference: training,
          thresholds: { numerical: { PopulationStabilityIndex: 0.2 } },
        },
      },
      recurrence: { frequency: "Day", hours: [7], minutes: [15] },
    },
  ],
};
