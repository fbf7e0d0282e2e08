import { Autoscale, type AutoscaleArgs } from "../../components";
import { autoscaleRules, type InstancesRule } from "../../components/autoscale-args";
import { autoscaleConstraints } from "../../components/autoscale-constraints";
import { ENDPOINT_ID } from "../helpers/pulumi-mocks";
import type { RuleCases } from "../helpers/rule-cases";

const out: InstancesRule = {
  metric: "CpuUtilizationPercentage",
  above: 70,
  change: 2,
  windowMinutes: 5,
  cooldownMinutes: 1,
};
const back: InstancesRule = {
  metric: "CpuUtilizationPercentage",
  below: 69,
  change: -1,
  windowMinutes: 720,
  cooldownMinutes: 10_080,
};
const weekend = {
  days: ["Saturday", "Sunday"],
  from: "00:00",
  until: "12:00",
  instances: { least: 1, most: 50, default: 50 },
  rules: [out, back],
};
const right: AutoscaleArgs = {
  deploymentId: `${ENDPOINT_ID}/deployments/blue`,
  location: "westeurope",
  instances: { least: 2, most: 2, default: 2 },
  rules: [out, back],
  schedules: { weekend, afternoons: { ...weekend, from: "12:00", until: "23:59" } },
};

const inSchedules = (change: Partial<typeof weekend>): Partial<AutoscaleArgs> => ({
  schedules: { weekend: { ...weekend, ...change } },
});

const shared = (
  at: string,
  shape: string,
  wrong: (change: { instances?: object; rules?: object[] }) => object,
) => [
  ...["least", "most", "default"].map((key) => ({
    rule: `${shape}instances.${key}`,
    right,
    wrong: wrong({ instances: { ...weekend.instances, [key]: 51 } }),
    path: `${at}instances.${key}`,
  })),
  {
    rule: `${shape}rules`,
    right,
    wrong: wrong({ rules: Array(11).fill(out) }),
    path: `${at}rules`,
  },
  ...(
    [
      ["change", 50],
      ["windowMinutes", 4],
      ["cooldownMinutes", 0],
    ] as const
  ).map(([key, value]) => ({
    rule: `${shape}rules.*.${key}`,
    right,
    wrong: wrong({ rules: [{ ...out, [key]: value }, back] }),
    path: `${at}rules.0.${key}`,
  })),
];

export const autoscale: RuleCases<AutoscaleArgs> = {
  component: "Autoscale",
  declare: (name, args) => new Autoscale(name, args),
  rules: autoscaleRules,
  constraints: autoscaleConstraints,
  cases: [
    ...shared("", "", (change) => change),
    ...shared("schedules.weekend.", "schedules.*.", (change) =>
      inSchedules(change as Partial<typeof weekend>),
    ),
    {
      rule: "autoscale-instances-out-of-order",
      right,
      wrong: { instances: { least: 2, most: 4, default: 5 } },
      path: "instances.default",
    },
    {
      rule: "autoscale-rule-without-one-threshold",
      right,
      wrong: { rules: [{ ...out, below: 3 }, back] },
      path: "rules.0",
    },
    {
      rule: "autoscale-rule-in-the-wrong-direction",
      right,
      wrong: { rules: [out, { ...back, change: 1 }, back] },
      path: "rules.1.change",
    },
    {
      rule: "autoscale-thresholds-that-flap",
      right,
      wrong: { rules: [out, { ...back, below: 70 }] },
      path: "rules.1.below",
    },
    { rule: "autoscale-rule-that-only-grows", right, wrong: { rules: [out] }, path: "rules" },
    {
      rule: "autoscale-too-many-schedules",
      right,
      wrong: {
        schedules: Object.fromEntries(
          Array.from({ length: 10 }, (_, hour) => [
            `s${hour}`,
            { ...weekend, from: `0${hour}:00`, until: `0${hour}:30` },
          ]),
        ),
      },
      path: "schedules",
    },
    {
      rule: "autoscale-schedule-ends-before-it-begins",
      right,
      wrong: inSchedules({ from: "12:00" }),
      path: "schedules.weekend.until",
    },
    {
      rule: "autoscale-overlapping-schedules",
      right,
      wrong: {
        schedules: { weekend, mornings: { ...weekend, days: ["Sunday"], from: "11:59", until: "13:00" } },
      },
      path: "schedules.mornings",
    },
  ],
};
