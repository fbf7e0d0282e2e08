import { EndpointAlerts, type EndpointAlertsArgs } from "../../components";
import { endpointAlertsConstraints, endpointAlertsRules } from "../../components/endpoint-alerts";
import { ACTION_GROUP_ID, ENDPOINT_ID } from "../helpers/pulumi-mocks";
import type { RuleCases } from "../helpers/rule-cases";

const timing = { severity: 4, windowMinutes: 60, everyMinutes: 60 };
const right: EndpointAlertsArgs = {
  endpointId: ENDPOINT_ID,
  actionGroupIds: [1, 2, 3, 4, 5].map((index) => `${ACTION_GROUP_ID}${index}`),
  errors: { perMinute: 0, ...timing },
  latency: { milliseconds: 500, ...timing },
  capacity: { deploymentId: `${ENDPOINT_ID}/deployments/blue`, leastInstances: 50, ...timing },
};
const { errors, latency, capacity } = right;
const [first = ""] = right.actionGroupIds as string[];

const timingCases = (["errors", "latency", "capacity"] as const).flatMap((kind) => [
  {
    rule: `${kind}.severity`,
    right,
    wrong: { [kind]: { ...right[kind], severity: 5 } },
    path: `${kind}.severity`,
  },
  {
    rule: `${kind}.windowMinutes`,
    right,
    wrong: { [kind]: { ...right[kind], windowMinutes: 90 } },
    path: `${kind}.windowMinutes`,
  },
  {
    rule: `${kind}.everyMinutes`,
    right,
    wrong: { [kind]: { ...right[kind], everyMinutes: 2 } },
    path: `${kind}.everyMinutes`,
  },
]);

export const endpointAlerts: RuleCases<EndpointAlertsArgs> = {
  component: "EndpointAlerts",
  declare: (name, args) => new EndpointAlerts(name, args),
  rules: endpointAlertsRules,
  constraints: endpointAlertsConstraints,
  cases: [
    {
      rule: "actionGroupIds",
      right,
      wrong: { actionGroupIds: Array(6).fill(first) },
      path: "actionGroupIds",
    },
    {
      rule: "capacity.leastInstances",
      right,
      wrong: { capacity: { ...capacity, leastInstances: 51 } },
      path: "capacity.leastInstances",
    },
    ...timingCases,
    {
      rule: "endpoint-alerts-nothing-to-alert",
      right,
      wrong: { errors: undefined, latency: undefined, capacity: undefined },
      path: "errors",
    },
    {
      rule: "endpoint-alerts-window-under-frequency",
      right,
      wrong: { latency: { ...latency, windowMinutes: 30 }, errors: { ...errors, windowMinutes: 60 } },
      path: "latency.windowMinutes",
    },
    {
      rule: "endpoint-alerts-deployment-of-another-endpoint",
      right,
      wrong: { capacity: { ...capacity, deploymentId: `${ENDPOINT_ID}2/deployments/blue` } },
      path: "capacity.deploymentId",
    },
  ],
};
