import { EndpointAlerts, type EndpointAlertsArgs } from "../../components";
import { endpointAlertsRules } from "../../components/endpoint-alerts";
import type { ArgumentCases } from "../helpers/argument-cases";
import { ACTION_GROUP_ID, ENDPOINT_ID } from "../helpers/pulumi-mocks";

const timing = { severity: 3, windowMinutes: 15, everyMinutes: 5 };

export const endpointAlerts: ArgumentCases<EndpointAlertsArgs> = {
  component: "EndpointAlerts",
  rules: endpointAlertsRules,
  declare: (name, args) => new EndpointAlerts(name, args),
  cases: [
    {
      endpointId: ENDPOINT_ID,
      actionGroupIds: [ACTION_GROUP_ID],
      errors: { perMinute: 5, statusCodes: ["500", "503"], ...timing },
      latency: { milliseconds: 500, percentile: "P99", ...timing },
      capacity: { deploymentId: `${ENDPOINT_ID}/deployments/blue`, leastInstances: 2, ...timing },
      tags: { team: "risk" },
    },
    {
      endpointId: `${ENDPOINT_ID}2`,
      actionGroupIds: [`${ACTION_GROUP_ID}2`],
      latency: { milliseconds: 500 },
    },
  ],
};
