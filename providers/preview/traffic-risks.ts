import { azure, own, type OperationRule, type PropertyRule } from "./risk";

const GOES = ["delete", "replace"] as const;

/** What those who call the models notice. */
export const trafficOperations: readonly OperationRule[] = [
  {
    id: "deletes-endpoint",
    level: "high",
    types: azure(
      "machinelearningservices",
      "OnlineEndpoint",
      "BatchEndpoint",
      "InferenceEndpoint",
      "ServerlessEndpoint",
    ),
    ops: GOES,
    reason: "takes a live address away: callers fail until they have the new one",
  },
  {
    id: "replaces-deployment",
    level: "high",
    types: azure("machinelearningservices", "OnlineDeployment", "BatchDeployment"),
    ops: GOES,
    reason: "takes away what answers now",
  },
  {
    id: "deletes-rollout",
    level: "high",
    types: own("Rollout", "BatchRollout"),
    ops: GOES,
    reason: "takes away every generation that serves",
  },
  {
    id: "deletes-autoscale",
    level: "medium",
    types: azure("monitor", "AutoscaleSetting"),
    ops: ["delete"],
    reason: "the number of machines follows the load no more",
  },
  {
    id: "deletes-alerts",
    level: "medium",
    types: azure("monitor", "MetricAlert", "ActionGroup", "ScheduledQueryRule"),
    ops: ["delete"],
    reason: "nobody is told any more when it fails",
  },
  {
    id: "replaces-compute",
    level: "low",
    types: azure("machinelearningservices", "Compute"),
    ops: ["delete"],
    reason: "ends the jobs that run on it",
  },
];

const weights = (steps: unknown): number[] =>
  Array.isArray(steps) ? steps.map((step) => Number((step as { weight?: unknown }).weight)) : [];
const isEmpty = (value: unknown): boolean => !Array.isArray(value) || value.length === 0;

export const trafficProperties: readonly PropertyRule[] = [
  {
    id: "moves-all-traffic-at-once",
    level: "medium",
    types: own("Rollout"),
    path: /^steps$/,
    when: ({ declared, live }) => weights(declared).length > 1 && weights(live).length <= 1,
    reason: "a new generation gets all of the traffic at once",
  },
  {
    id: "removes-gates",
    level: "medium",
    types: own("Rollout"),
    path: /^(gates|check|runMetrics)$/,
    when: ({ declared, live }) => !isNothingDeclared(declared) && isNothingDeclared(live),
    reason: "nothing judges a new generation by it any more",
  },
  {
    id: "removes-smoke-requests",
    level: "low",
    types: own("Rollout", "BatchRollout"),
    path: /^(smokeRequests|proof)$/,
    when: ({ declared, live }) => !isNothingDeclared(declared) && isNothingDeclared(live),
    reason: "a new generation is proven by no request before it gets traffic",
  },
  {
    id: "fewer-machines",
    level: "low",
    types: /:(Rollout|OnlineDeployment)$/,
    path: /(^|\.)sku\.capacity$/,
    when: ({ declared, live }) => Number(live) < Number(declared),
    reason: "fewer machines serve",
  },
];

function isNothingDeclared(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && isEmpty(value));
}
