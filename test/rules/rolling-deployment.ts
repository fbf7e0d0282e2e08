import { RollingDeployment, type RollingDeploymentArgs } from "../../components";
import {
  rollingDeploymentConstraints,
  rollingDeploymentRules,
} from "../../components/rolling-deployment-args";
import { ENDPOINT_ID, WORKSPACE_ID } from "../helpers/pulumi-mocks";
import type { RuleCases } from "../helpers/rule-cases";
import { scoringCodeCases } from "../helpers/scoring-code-cases";
import { autoscale } from "./autoscale";

const right: RollingDeploymentArgs = {
  endpointId: ENDPOINT_ID,
  location: "westeurope",
  model: `${WORKSPACE_ID}/models/churn/versions/7`,
  instanceType: "Standard_DS3_v2",
};
const stepped: RollingDeploymentArgs = {
  ...right,
  strategy: {
    kind: "steps",
    steps: [
      { weight: 0, mirror: 50, bakeSeconds: 60 },
      { weight: 5, bakeSeconds: 60 },
      { weight: 25, bakeSeconds: 60, pause: true },
    ],
  },
};
const steps = (...given: object[]): object => ({ strategy: { kind: "steps", steps: given } });

/** Those of Autoscale, but for its target. */
const autoscaled = autoscale.cases.map((one): RuleCases<RollingDeploymentArgs>["cases"][number] => {
  const { instances, rules = [], schedules = {} } = one.right;
  const scale = { instances, rules, schedules };
  return {
    rule: one.rule.startsWith("autoscale-") ? `rolling-deployment-${one.rule}` : `autoscale.${one.rule}`,
    right: { ...right, autoscale: scale, instances: instances.least },
    wrong: { autoscale: { ...scale, ...one.wrong } },
    path: `autoscale.${one.path}`,
  };
});

export const rollingDeployment: RuleCases<RollingDeploymentArgs> = {
  component: "RollingDeployment",
  declare: (name, args) => new RollingDeployment(name, args),
  rules: rollingDeploymentRules,
  constraints: rollingDeploymentConstraints,
  cases: [
    ...scoringCodeCases(right),
    {
      rule: "strategy.mirrorPercent",
      right,
      wrong: {
        strategy: {
          kind: "shadowThenCanary",
          mirrorPercent: 51,
          mirrorSeconds: 60,
          percent: 10,
          bakeSeconds: 60,
        },
      },
      path: "strategy.mirrorPercent",
    },
    {
      rule: "strategy.steps.*.mirror",
      right: stepped,
      wrong: steps({ weight: 0, mirror: 51, bakeSeconds: 60 }),
      path: "strategy.steps.0.mirror",
    },
    {
      rule: "rolling-deployment-mirror-beside-weight",
      right: stepped,
      wrong: steps({ weight: 5, mirror: 10, bakeSeconds: 60 }),
      path: "strategy.steps.0.mirror",
    },
    {
      rule: "rolling-deployment-weights-fall",
      right: stepped,
      wrong: steps({ weight: 25, bakeSeconds: 60 }, { weight: 5, bakeSeconds: 60 }),
      path: "strategy.steps.1.weight",
    },
    {
      rule: "rolling-deployment-gate-without-limit",
      right: { ...right, gates: { limits: [{ metric: "errorPercent", max: 1 }], minRequests: 100 } },
      wrong: { gates: { limits: [{ metric: "errorPercent" }], minRequests: 100 } },
      path: "gates.limits.0",
    },
    {
      rule: "rolling-deployment-gate-without-limit",
      right: { ...right, gates: { runMetrics: [{ metric: "accuracy", maxDrop: 0 }] } },
      wrong: { gates: { runMetrics: [{ metric: "accuracy" }] } },
      path: "gates.runMetrics.0",
    },
    {
      rule: "rolling-deployment-needs-registered-model",
      right: { ...right, gates: { runMetrics: [{ metric: "accuracy", min: 0.9 }] } },
      wrong: { model: "azureml://registries/contoso/models/churn/versions/7" },
      path: "model",
    },
    {
      rule: "rolling-deployment-needs-registered-model",
      right: { ...right, alias: "serving" },
      wrong: { model: "azureml://registries/contoso/models/churn/versions/7" },
      path: "model",
    },
    { rule: "alias", right, wrong: { alias: "latest" }, path: "alias" },
    {
      rule: "rolling-deployment-gates-need",
      right: { ...right, gates: { check: { url: "https://judge.example/churn" } } },
      wrong: { gates: { limits: [{ metric: "errorPercent", max: 1 }] } },
      path: "gates.minRequests",
    },
    {
      rule: "rolling-deployment-gates-need",
      right: { ...stepped, gates: { limits: [{ metric: "latencyP50", max: 9 }], minRequests: 100 } },
      wrong: { gates: { limits: [{ metric: "latencyMean", max: 9 }], minRequests: 100 } },
      path: "gates.limits.0.metric",
    },
    ...autoscaled,
    {
      rule: "rolling-deployment-instances-outside-autoscale",
      right: { ...right, instances: 4, autoscale: { instances: { least: 2, most: 4 } } },
      wrong: { instances: 5 },
      path: "instances",
    },
    { rule: "keepGenerations", right, wrong: { keepGenerations: 19 }, path: "keepGenerations" },
  ],
};
