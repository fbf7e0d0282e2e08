import { Autoscale, type AutoscaleArgs } from "../../components";
import { autoscaleRules } from "../../components/autoscale-args";
import type { ArgumentCases } from "../helpers/argument-cases";
import { ENDPOINT_ID } from "../helpers/pulumi-mocks";

const times = { windowMinutes: 10, cooldownMinutes: 15 };

export const autoscale: ArgumentCases<AutoscaleArgs> = {
  component: "Autoscale",
  rules: autoscaleRules,
  declare: (name, args) => new Autoscale(name, args),
  cases: [
    {
      deploymentId: `${ENDPOINT_ID}/deployments/blue`,
      location: "westeurope",
      instances: { least: 2, most: 5, default: 3 },
      rules: [
        { metric: "CpuUtilizationPercentage", above: 70, change: 2, ...times },
        { metric: "CpuUtilizationPercentage", below: 30, change: -1, ...times },
        { metric: "RequestLatency", above: 70, change: 1, ...times },
      ],
      schedules: {
        weekend: {
          days: ["Saturday", "Sunday"],
          from: "06:00",
          until: "22:00",
          timeZone: "W. Europe Standard Time",
          instances: { least: 2, most: 4, default: 3 },
          rules: [
            { metric: "RequestLatency_P95", above: 200, change: 2, ...times },
            { metric: "CpuUtilizationPercentage", below: 30, change: -2, ...times },
          ],
        },
      },
      tags: { team: "risk" },
    },
    {
      deploymentId: `${ENDPOINT_ID}/deployments/green`,
      location: "northeurope",
      instances: { least: 1, most: 2 },
      schedules: { mondays: { days: ["Monday"], instances: { least: 2, most: 2 } } },
    },
  ],
};
