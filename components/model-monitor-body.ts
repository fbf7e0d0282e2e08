import type * as types from "@pulumi/azure-native/types";
import * as pulumi from "@pulumi/pulumi";
import type { ModelMonitorArgs, MonitorCompute } from "./model-monitor-args";
import { inputData, type MonitoredData } from "./model-monitor-data";
import type {
  CustomSignal,
  DataDriftSignal,
  DataQualitySignal,
  MonitorSignal,
} from "./model-monitor-signals";

type Definition = types.input.machinelearningservices.MonitorDefinitionArgs;
type Signal =
  | types.input.machinelearningservices.CustomMonitoringSignalArgs
  | types.input.machinelearningservices.DataDriftMonitoringSignalArgs
  | types.input.machinelearningservices.DataQualityMonitoringSignalArgs
  | types.input.machinelearningservices.PredictionDriftMonitoringSignalArgs;

/** What a monitor does each time, in ARM. */
export function monitorDefinition(args: ModelMonitorArgs): Definition {
  const { compute, deploymentId, modelId, taskType, signals, emails } = args;
  const told = emails !== undefined;
  return {
    computeConfiguration: computeConfiguration(compute),
    monitoringTarget: { deploymentId, modelId, taskType },
    signals: mapValues(signals, (signal) => signalOf(signal, told)),
    ...(told && { alertNotificationSettings: { emailNotificationSettings: { emails } } }),
  };
}

function computeConfiguration({
  instanceType,
  runtimeVersion = "3.5",
  identityId,
}: MonitorCompute): Definition["computeConfiguration"] {
  return {
    computeType: "ServerlessSpark",
    instanceType,
    runtimeVersion,
    computeIdentity:
      identityId === undefined
        ? { computeIdentityType: "AmlToken" }
        : {
            computeIdentityType: "ManagedIdentity",
            identity: { type: "UserAssigned", userAssignedIdentities: [identityId] },
          },
  };
}

function signalOf(signal: MonitorSignal, told: boolean): Signal {
  const notificationTypes = pulumi
    .output(signal.alert ?? true)
    .apply((alert) => (alert && told ? ["AmlNotification"] : []));
  if (signal.type === "Custom") return { ...custom(signal), notificationTypes };
  const { production, reference, featureTypes } = signal;
  const common = {
    notificationTypes,
    productionData: inputData(production),
    referenceData: inputData(reference),
    featureDataTypeOverride: featureTypes,
    metricThresholds: thresholdsOf(signal.thresholds),
  };
  if (signal.type === "PredictionDrift") return { ...common, signalType: signal.type };
  const { targetColumn } = signal;
  return {
    ...common,
    signalType: signal.type,
    features: featuresOf(signal),
    ...(targetColumn !== undefined && { featureImportanceSettings: { mode: "Enabled", targetColumn } }),
  } as Signal;
}

function custom({ componentId, inputs, data, metrics }: CustomSignal): Signal {
  return {
    signalType: "Custom",
    componentId,
    ...(inputs && { inputs: mapValues(inputs, (value) => ({ jobInputType: "literal" as const, value })) }),
    ...(data && { inputAssets: mapValues(data, (each: MonitoredData) => inputData(each)) }),
    metricThresholds: Object.entries(metrics).map(([metric, value]) => ({ metric, threshold: { value } })),
  };
}

interface Threshold<DataType extends string> {
  readonly dataType: DataType;
  readonly metric: string;
  readonly threshold: { readonly value: pulumi.Input<number> };
}

function thresholdsOf({
  numerical = {},
  categorical = {},
}: Exclude<MonitorSignal, CustomSignal>["thresholds"]): (
  Threshold<"Numerical"> | Threshold<"Categorical">
)[] {
  return [...thresholds("Numerical", numerical), ...thresholds("Categorical", categorical)];
}

function thresholds<DataType extends string>(dataType: DataType, metrics: object): Threshold<DataType>[] {
  return Object.entries(metrics as Readonly<Record<string, pulumi.Input<number> | undefined>>).flatMap(
    ([metric, value]) => (value === undefined ? [] : [{ dataType, metric, threshold: { value } }]),
  );
}

function featuresOf({
  features,
  topFeatures,
}:
  | DataDriftSignal
  | DataQualitySignal): types.input.machinelearningservices.DataDriftMonitoringSignalArgs["features"] {
  if (features !== undefined) return { filterType: "FeatureSubset", features };
  if (topFeatures !== undefined) return { filterType: "TopNByAttribution", top: topFeatures };
  return { filterType: "AllFeatures" };
}

function mapValues<T, U>(values: Readonly<Record<string, T>>, each: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, each(value)]));
}
