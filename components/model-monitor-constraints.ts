import { isInWorkspace } from "../providers/clients/arm-id";
import type { Problem } from "../providers/rules";
import { isKnown, type Constraint, type Known } from "./args";
import type { ModelMonitorArgs } from "./model-monitor-args";
import type { MonitoredData } from "./model-monitor-data";
import type { MonitorSignal } from "./model-monitor-signals";
import { scheduleSettingsConstraints } from "./schedule-settings";

type Args = Known<ModelMonitorArgs>;
type Signal = Known<MonitorSignal>;

const MONITOR = "docs:reference-yaml-monitor";
const MOST_OF_EMAILS = 499;

export const modelMonitorConstraints: readonly Constraint<ModelMonitorArgs>[] = [
  ...scheduleSettingsConstraints("model-monitor"),
  {
    id: "model-monitor-two-targets",
    source: "azure-ai-ml, MonitoringTarget: deployment and model are mutually exclusive",
    problems: ({ deploymentId, modelId }) =>
      deploymentId !== undefined && modelId !== undefined
        ? told("modelId", modelId, "it must not be given with deploymentId")
        : [],
  },
  {
    id: "model-monitor-target-elsewhere",
    source: `${MONITOR}: monitoring_target is of the workspace's own`,
    problems: ({ workspaceId, deploymentId, modelId }) =>
      Object.entries({ deploymentId, modelId }).flatMap(([path, id]) =>
        typeof workspaceId === "string" && typeof id === "string" && !isInWorkspace(workspaceId, id)
          ? told(path, id, "it must be in the monitor's workspace")
          : [],
      ),
  },
  {
    id: "model-monitor-no-signals",
    source: "models 2025-12-01, MonitorDefinition: signals to monitor are required",
    problems: ({ signals }) =>
      isKnown(signals) && Object.keys(signals).length === 0
        ? told("signals", signals, "it must have a signal at least")
        : [],
  },
  {
    id: "model-monitor-no-thresholds",
    source: "models 2025-12-01, MonitoringSignalBase: metricThresholds are required",
    problems: (args) =>
      signalsOf(args).flatMap(([signal, path]) => {
        if (signal.type === "Custom") return noneIn(`${path}.metrics`, signal.metrics);
        const { numerical = {}, categorical = {} } = signal.thresholds;
        return noneIn(`${path}.thresholds`, { ...numerical, ...categorical });
      }),
  },
  {
    id: "model-monitor-features-twice",
    source: "models 2025-12-01, MonitoringFeatureFilterBase: a subset, or the top ones by attribution",
    problems: (args) =>
      signalsOf(args).flatMap(([signal, path]) =>
        "features" in signal && signal.features !== undefined && signal.topFeatures !== undefined
          ? told(`${path}.topFeatures`, signal.topFeatures, "it must not be given with features")
          : [],
      ),
  },
  {
    id: "model-monitor-top-features",
    source: "docs:concept-model-monitoring: top features need training data as the reference",
    problems: (args) =>
      signalsOf(args).flatMap(([signal, path]) =>
        "topFeatures" in signal &&
        signal.topFeatures !== undefined &&
        isKnown(signal.reference.context) &&
        signal.reference.context !== "training"
          ? told(
              `${path}.reference.context`,
              signal.reference.context,
              "with topFeatures it must be training",
            )
          : [],
      ),
  },
  {
    id: "model-monitor-target-column",
    source: "models 2025-12-01, FeatureImportanceSettings: importance is for a target column",
    problems: (args) =>
      signalsOf(args).flatMap(([signal, path]) =>
        "topFeatures" in signal && signal.topFeatures !== undefined && signal.targetColumn === undefined
          ? told(`${path}.targetColumn`, undefined, "with topFeatures it must be given")
          : [],
      ),
  },
  ofData(
    "model-monitor-two-windows",
    "models 2025-12-01, MonitoringInputDataBase: Fixed, Rolling or Static",
    ({ trailing, between }, path) =>
      trailing !== undefined && between !== undefined
        ? told(`${path}.between`, between, "it must not be given with trailing")
        : [],
  ),
  ofData(
    "model-monitor-window-ends-before-start",
    "models 2025-12-01, StaticInputData: windowStart, windowEnd",
    ({ between }, path) =>
      typeof between?.start === "string" && typeof between.end === "string" && between.end <= between.start
        ? told(`${path}.between.end`, between.end, "it must be later than start")
        : [],
  ),
  ofData(
    "model-monitor-preprocessing-window",
    "models 2025-12-01, FixedInputData: no preprocessing component",
    ({ preprocessingComponentId, trailing, between }, path) =>
      preprocessingComponentId !== undefined && trailing === undefined && between === undefined
        ? told(
            `${path}.preprocessingComponentId`,
            preprocessingComponentId,
            "it must come with trailing or between",
          )
        : [],
  ),
  ofData(
    "model-monitor-folder",
    `${MONITOR}: a uri_folder needs a preprocessing component, unless a deployment's data collector writes it`,
    ({ type, preprocessingComponentId }, path, { deploymentId }) =>
      type === "uri_folder" && preprocessingComponentId === undefined && deploymentId === undefined
        ? told(
            `${path}.preprocessingComponentId`,
            undefined,
            "with type uri_folder and without deploymentId it must be given",
          )
        : [],
  ),
  {
    id: "model-monitor-emails",
    source: "models 2025-12-01, MonitorEmailNotificationSettings: 499 characters in total",
    problems: ({ emails }) => {
      if (emails === undefined || !isKnown(emails)) return [];
      const length = emails.filter((each) => typeof each === "string").join("").length;
      return length > MOST_OF_EMAILS
        ? told("emails", emails, `it must have ${MOST_OF_EMAILS} characters in all at most, not ${length}`)
        : [];
    },
  },
];

/** The signals, each with its path. */
function signalsOf({ signals }: Args): (readonly [Signal, string])[] {
  if (!isKnown(signals)) return [];
  return Object.entries(signals).map(([name, signal]) => [signal, `signals.${name}`] as const);
}

/** A rule of all data that signals read. */
function ofData(
  id: string,
  source: string,
  problemsOf: (data: Known<MonitoredData>, path: string, args: Args) => Problem[],
): Constraint<ModelMonitorArgs> {
  return {
    id,
    source,
    problems: (args) =>
      signalsOf(args).flatMap(([signal, path]) =>
        dataOf(signal, path).flatMap(([data, place]) => problemsOf(data, place, args)),
      ),
  };
}

function dataOf(signal: Signal, path: string): (readonly [Known<MonitoredData>, string])[] {
  if (signal.type === "Custom")
    return Object.entries(signal.data ?? {}).map(([name, data]) => [data, `${path}.data.${name}`] as const);
  return [
    [signal.production, `${path}.production`],
    [signal.reference, `${path}.reference`],
  ];
}

function noneIn(path: string, metrics: object): Problem[] {
  const given = Object.values(metrics).filter((value) => value !== undefined);
  return given.length === 0 ? told(path, metrics, "it must have the threshold of a metric at least") : [];
}

function told(path: string, value: unknown, reason: string): Problem[] {
  return [{ path, value, reason }];
}
