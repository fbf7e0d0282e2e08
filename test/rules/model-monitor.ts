import { ModelMonitor, type DataDriftSignal, type ModelMonitorArgs } from "../../components";
import { modelMonitorRules } from "../../components/model-monitor-args";
import { modelMonitorConstraints } from "../../components/model-monitor-constraints";
import { ENDPOINT_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";
import type { RuleCase, RuleCases } from "../helpers/rule-cases";

const DEPLOYMENT_ID = `${ENDPOINT_ID}/deployments/blue`;
const MODEL_ID = `${WORKSPACE_ID}/models/churn/versions/7`;
const COMPONENT_ID = `${WORKSPACE_ID}/components/prepare/versions/1`;
const elsewhere = (id: string): string => id.replace("mlw-test", "mlw-other");

const production = { uri: "azureml:collected:1", context: "model_inputs", trailing: { size: "P7D" } };
const reference = { uri: "azureml:training:1", context: "training" };
const drift: DataDriftSignal = {
  type: "DataDrift",
  production,
  reference,
  thresholds: { numerical: { JensenShannonDistance: 0.1 } },
};
const right: ModelMonitorArgs = {
  workspaceId: WORKSPACE_ID,
  compute: { instanceType: "Standard_E4s_v3" },
  deploymentId: DEPLOYMENT_ID,
  taskType: "Classification",
  signals: { drift },
  emails: ["risk@example.com"],
  cron: "0 6 * * 1",
};
const weekly = { frequency: "Week", hours: [6], minutes: [30] };
const recurring: ModelMonitorArgs = { ...right, cron: undefined, recurrence: weekly };
const top: DataDriftSignal = { ...drift, topFeatures: 10, targetColumn: "churned" };
const years = { start: "2026-01-01T00:00:00Z", end: "2026-02-01T00:00:00Z" };

type Case = RuleCase<ModelMonitorArgs>;

function recurrence(rule: string, bad: object, path: string): Case {
  return { rule, right: recurring, wrong: { recurrence: { ...weekly, ...bad } }, path: `recurrence.${path}` };
}

function signal(rule: string, bad: object, path: string, given: DataDriftSignal = drift): Case {
  return {
    rule,
    right: { ...right, signals: { drift: given } },
    wrong: { signals: { drift: { ...given, ...bad } } },
    path: `signals.drift.${path}`,
  };
}

function thresholds(metric: string, dataType: "numerical" | "categorical", value: number): Case {
  const path = `thresholds.${dataType}.${metric}`;
  return signal(`signals.*.${path}`, { thresholds: { [dataType]: { [metric]: value } } }, path);
}

function rate(metric: string, dataType: "numerical" | "categorical"): Case {
  const path = `thresholds.${dataType}.${metric}`;
  const quality = { type: "DataQuality", thresholds: { [dataType]: { [metric]: 1.5 } } };
  return signal(`signals.*.${path}`, quality, path);
}

function produced(rule: string, bad: object, path: string): Case {
  return signal(rule, { production: { ...production, ...bad } }, `production.${path}`);
}

export const modelMonitor: RuleCases<ModelMonitorArgs> = {
  component: "ModelMonitor",
  declare: (name, args) => new ModelMonitor(name, args),
  rules: modelMonitorRules,
  constraints: modelMonitorConstraints,
  cases: [
    {
      rule: "compute.instanceType",
      right,
      wrong: { compute: { instanceType: "Standard_DS3_v2" } },
      path: "compute.instanceType",
    },
    {
      rule: "compute.runtimeVersion",
      right,
      wrong: { compute: { instanceType: "standard_e4s_v3", runtimeVersion: "3.3" } },
      path: "compute.runtimeVersion",
    },
    { rule: "emails.*", right, wrong: { emails: ["risk@example.com", "risk"] }, path: "emails.1" },
    produced("signals.*.production.uri", { uri: "s3://bucket/new" }, "uri"),
    produced("signals.*.production.context", { context: "inputs" }, "context"),
    produced("signals.*.production.trailing.size", { trailing: { size: "7 days" } }, "trailing.size"),
    produced("signals.*.production.trailing.size", { trailing: { size: "P0D" } }, "trailing.size"),
    produced(
      "signals.*.production.trailing.offset",
      { trailing: { size: "P7D", offset: "1" } },
      "trailing.offset",
    ),
    produced(
      "signals.*.production.between.start",
      { trailing: undefined, between: { ...years, start: "2026-13-01T00:00:00Z" } },
      "between.start",
    ),
    signal("signals.*.features", { features: [] }, "features"),
    signal("signals.*.topFeatures", { topFeatures: 0 }, "topFeatures", top),
    thresholds("JensenShannonDistance", "numerical", 1.5),
    thresholds("PopulationStabilityIndex", "categorical", -1),
    thresholds("TwoSampleKolmogorovSmirnovTest", "numerical", -0.1),
    rate("NullValueRate", "categorical"),
    { rule: "model-monitor-trigger", right, wrong: { recurrence: weekly }, path: "cron" },
    { rule: "model-monitor-trigger", right, wrong: { cron: undefined }, path: "cron" },
    recurrence("model-monitor-interval", { interval: 72 }, "interval"),
    recurrence("model-monitor-week-days", { frequency: "Day", weekDays: ["Monday"] }, "weekDays"),
    recurrence("model-monitor-month-days", { monthDays: [1] }, "monthDays"),
    {
      rule: "model-monitor-ends-before-start",
      right: { ...right, startTime: "2026-01-31T18:00:00", endTime: "2026-02-01T18:00:00" },
      wrong: { endTime: "2026-01-31T18:00:00" },
      path: "endTime",
    },
    { rule: "model-monitor-two-targets", right, wrong: { modelId: MODEL_ID }, path: "modelId" },
    {
      rule: "model-monitor-target-elsewhere",
      right,
      wrong: { deploymentId: elsewhere(DEPLOYMENT_ID) },
      path: "deploymentId",
    },
    {
      rule: "model-monitor-target-elsewhere",
      right: { ...right, deploymentId: undefined, modelId: MODEL_ID },
      wrong: { modelId: elsewhere(MODEL_ID) },
      path: "modelId",
    },
    { rule: "model-monitor-no-signals", right, wrong: { signals: {} }, path: "signals" },
    signal("model-monitor-no-thresholds", { thresholds: { numerical: {} } }, "thresholds"),
    {
      rule: "model-monitor-no-thresholds",
      right,
      wrong: { signals: { own: { type: "Custom", componentId: COMPONENT_ID, metrics: {} } } },
      path: "signals.own.metrics",
    },
    signal("model-monitor-features-twice", { features: ["months"] }, "topFeatures", top),
    signal(
      "model-monitor-top-features",
      { reference: { ...reference, context: "validation" } },
      "reference.context",
      top,
    ),
    signal("model-monitor-target-column", { targetColumn: undefined }, "targetColumn", top),
    produced("model-monitor-two-windows", { between: years }, "between"),
    produced(
      "model-monitor-window-ends-before-start",
      { trailing: undefined, between: { ...years, end: years.start } },
      "between.end",
    ),
    produced(
      "model-monitor-preprocessing-window",
      { trailing: undefined, preprocessingComponentId: COMPONENT_ID },
      "preprocessingComponentId",
    ),
    {
      rule: "model-monitor-folder",
      right: { ...right, deploymentId: undefined },
      wrong: { signals: { drift: { ...drift, production: { ...production, type: "uri_folder" } } } },
      path: "signals.drift.production.preprocessingComponentId",
    },
    {
      rule: "model-monitor-emails",
      right,
      wrong: { emails: Array.from({ length: 30 }, (_, each) => `risk-${each}@example.com`) },
      path: "emails",
    },
  ],
};
