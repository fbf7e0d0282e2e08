import * as monitor from "@pulumi/azure-native/monitor";
import * as pulumi from "@pulumi/pulumi";
import { resourceParts } from "../providers/clients/arm-id";
import {
  armId,
  integer,
  listOf,
  objectOf,
  oneOf,
  optional,
  rule,
  tags,
  text,
  type Rule,
  type Rules,
} from "../providers/rules";
import { checkArgs, isKnown, type Constraint } from "./args";
import { mapped } from "./defaults";
import { azureName } from "./naming";
import type { Tags } from "./tags";

export interface EndpointAlertsArgs {
  /** ARM id of the online endpoint: `OnlineEndpoint`'s `id`. The alert rules are in its resource group. */
  readonly endpointId: pulumi.Input<string>;
  /** ARM ids of one to five action groups, `ActionGroup`'s `id`: who is told, when an alert fires and when it is over. */
  readonly actionGroupIds: pulumi.Input<readonly pulumi.Input<string>[]>;
  /** When answers with an error count as an alert. By default there is no such alert. */
  readonly errors?: ErrorsAlert;
  /** When answers are too slow. By default there is no such alert. */
  readonly latency?: LatencyAlert;
  /** When a deployment has too few machines. By default there is no such alert. */
  readonly capacity?: CapacityAlert;
  /** Of every alert rule. */
  readonly tags?: Tags;
}

/** What every alert rule has. */
export interface AlertTiming {
  /** 0 (critical) to 4 (verbose). 2 by default; 1 for errors. */
  readonly severity?: pulumi.Input<number>;
  /** Minutes that are looked at: 1, 5, 15, 30, 60, 360, 720 or 1440, and no fewer than between two looks. 5 by default. */
  readonly windowMinutes?: pulumi.Input<number>;
  /** Minutes between two looks: 1, 5, 15, 30 or 60. 1 by default. */
  readonly everyMinutes?: pulumi.Input<number>;
}

/**
 * Errors are counted, not weighed against all requests: a metric alert sees one number at a time, so that a rate can't be had of it. What
 * the number means follows from the traffic; set it with that in mind.
 */
export interface ErrorsAlert extends AlertTiming {
  /** Answers a minute, on average over the window, above which the alert fires; each status code by itself. */
  readonly perMinute: pulumi.Input<number>;
  /**
   * What counts as an error, each `400` to `599`. By default `424` (the model's own error), `429` (too many requests), `500`, `502`, `503` and `504`.
   * Each is a time series that Azure Monitor bills.
   */
  readonly statusCodes?: pulumi.Input<readonly pulumi.Input<string>[]>;
}

/** Latency as the endpoint measures it, over all its deployments. */
export interface LatencyAlert extends AlertTiming {
  /** Milliseconds, on average over the window, above which the alert fires. */
  readonly milliseconds: pulumi.Input<number>;
  /** Which requests are looked at: `P50`, `P90`, `P95` (the default) or `P99`, the slowest of that percentage; or `mean`, all. */
  readonly percentile?: pulumi.Input<"mean" | "P50" | "P90" | "P95" | "P99">;
}

/** Machines of one deployment: where Azure can't give as many as are wanted, or takes them away. */
export interface CapacityAlert extends AlertTiming {
  /** ARM id of a deployment of the endpoint: `OnlineDeployment`'s `id`. */
  readonly deploymentId: pulumi.Input<string>;
  /** Machines, on average over the window, below which the alert fires. */
  readonly leastInstances: pulumi.Input<number>;
}

const TIMES = "Resource Manager template samples for metric alerts";
const FREQUENCIES = [1, 5, 15, 30, 60];
const WINDOWS = [...FREQUENCIES, 360, 720, 1440];
const DAY = 1440;
const ERRORS = ["424", "429", "500", "502", "503", "504"];
const kinds = ["errors", "latency", "capacity"] as const;

function oneOfNumbers(values: readonly number[], source: string): Rule {
  return rule((value) => typeof value === "number" && values.includes(value), values.join(" or "), source);
}

const aboveZero = rule(
  (value) => typeof value === "number" && Number.isFinite(value) && value > 0,
  "a number above 0",
);

const timing: Rules<AlertTiming> = {
  severity: optional(integer(0, 4, "models 2018-03-01, MetricAlertResource: severity {0, 1, 2, 3, 4}")),
  windowMinutes: optional(oneOfNumbers(WINDOWS, `${TIMES}: windowSize`)),
  everyMinutes: optional(oneOfNumbers(FREQUENCIES, `${TIMES}: evaluationFrequency`)),
};

export const endpointAlertsRules: Rules<EndpointAlertsArgs> = {
  endpointId: armId("Microsoft.MachineLearningServices/workspaces/onlineEndpoints"),
  actionGroupIds: listOf(armId("Microsoft.Insights/actionGroups"), {
    least: 1,
    most: 5,
    source: "Action groups: up to five action groups to a single alert rule",
  }),
  errors: optional(
    objectOf<ErrorsAlert>({
      perMinute: rule(
        (value) => typeof value === "number" && Number.isFinite(value) && value >= 0,
        "a number, 0 or more",
      ),
      statusCodes: optional(listOf(text("a status code from 400 to 599", /^[45]\d\d$/), { least: 1 })),
      ...timing,
    }),
  ),
  latency: optional(
    objectOf<LatencyAlert>({
      milliseconds: aboveZero,
      percentile: optional(oneOf("mean", "P50", "P90", "P95", "P99")),
      ...timing,
    }),
  ),
  capacity: optional(
    objectOf<CapacityAlert>({
      deploymentId: armId("Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments"),
      leastInstances: integer(1, 50, "Manage quotas: 50 instances per deployment"),
      ...timing,
    }),
  ),
  tags: optional(tags),
};

export const endpointAlertsConstraints: readonly Constraint<EndpointAlertsArgs>[] = [
  {
    id: "endpoint-alerts-nothing-to-alert",
    source: "models 2018-03-01, MetricAlertResource: criteria is required",
    problems: (args) =>
      kinds.some((kind) => args[kind] !== undefined)
        ? []
        : [{ path: "errors", value: undefined, reason: "there must be one of errors, latency and capacity" }],
  },
  {
    id: "endpoint-alerts-window-under-frequency",
    source: "Create a metric alert rule: the lookback period is no shorter than what lies between two checks",
    problems: (args) =>
      kinds.flatMap((kind) => {
        const alert = args[kind];
        if (alert === undefined || !isKnown(alert)) return [];
        const { windowMinutes = 5, everyMinutes = 1 } = alert;
        if (typeof windowMinutes !== "number" || typeof everyMinutes !== "number") return [];
        if (windowMinutes >= everyMinutes) return [];
        const path = `${kind}.windowMinutes`;
        return [{ path, value: windowMinutes, reason: `it must be at least ${kind}.everyMinutes` }];
      }),
  },
  {
    id: "endpoint-alerts-deployment-of-another-endpoint",
    source:
      "Supported metrics of workspaces/onlineEndpoints/deployments: DeploymentCapacity is a deployment's",
    problems: ({ endpointId, capacity }) => {
      if (capacity === undefined || !isKnown(capacity)) return [];
      const { deploymentId } = capacity;
      if (typeof endpointId !== "string" || typeof deploymentId !== "string") return [];
      if (deploymentId.toLowerCase().startsWith(`${endpointId.toLowerCase()}/deployments/`)) return [];
      return [
        {
          path: "capacity.deploymentId",
          value: deploymentId,
          reason: "it must be of the endpoint in endpointId",
        },
      ];
    },
  },
];

/**
 * Alert rules on an online endpoint's own metrics: answers with errors, slow answers, a deployment with too few machines. Each ends by itself when
 * its cause does.
 *
 * Costs: each time series that a rule looks at, by the month.
 */
export class EndpointAlerts extends pulumi.ComponentResource {
  /** ARM ids of the alert rules, by what they are about: `errors`, `latency`, `capacity`. */
  declare readonly ids: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: EndpointAlertsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-azureml:index:EndpointAlerts", name, {}, opts);
    args = checkArgs("EndpointAlerts", name, args, endpointAlertsRules, endpointAlertsConstraints);

    const { errors, latency, capacity } = args;
    const rules = {
      ...(errors === undefined ? {} : { errors: alertRule(name, args, errorsAlert(args, errors), this) }),
      ...(latency === undefined ? {} : { latency: alertRule(name, args, latencyAlert(args, latency), this) }),
      ...(capacity === undefined ? {} : { capacity: alertRule(name, args, capacityAlert(capacity), this) }),
    };

    this.ids = pulumi.output(Object.fromEntries(Object.entries(rules).map(([kind, { id }]) => [kind, id])));
    this.registerOutputs({ ids: this.ids });
  }
}

/** What tells one alert rule from another. */
interface Alert {
  readonly kind: (typeof kinds)[number];
  readonly description: string;
  /** ARM id of what has the metric. */
  readonly scope: pulumi.Input<string>;
  readonly timing: AlertTiming;
  readonly severity: number;
  readonly metric: Omit<Criterion, "name" | "criterionType" | "timeAggregation">;
}

interface Criterion {
  readonly criterionType: "StaticThresholdCriterion";
  readonly name: string;
  readonly metricNamespace: string;
  readonly metricName: pulumi.Input<string>;
  readonly timeAggregation: "Average";
  readonly operator: "GreaterThan" | "LessThan";
  readonly threshold: pulumi.Input<number>;
  readonly dimensions?: { name: string; operator: string; values: pulumi.Input<string[]> }[];
}

const ENDPOINTS = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints";

function errorsAlert({ endpointId }: EndpointAlertsArgs, errors: ErrorsAlert): Alert {
  return {
    kind: "errors",
    description: "An online endpoint answers with errors.",
    scope: endpointId,
    timing: errors,
    severity: 1,
    metric: {
      metricNamespace: ENDPOINTS,
      metricName: "RequestsPerMinute",
      operator: "GreaterThan",
      threshold: errors.perMinute,
      dimensions: [
        {
          name: "statusCode",
          operator: "Include",
          values: pulumi.output(errors.statusCodes ?? ERRORS).apply((codes) => [...codes]),
        },
      ],
    },
  };
}

function latencyAlert({ endpointId }: EndpointAlertsArgs, latency: LatencyAlert): Alert {
  return {
    kind: "latency",
    description: "An online endpoint answers slowly.",
    scope: endpointId,
    timing: latency,
    severity: 2,
    metric: {
      metricNamespace: ENDPOINTS,
      metricName: mapped(latency.percentile, "P95", (part) =>
        part === "mean" ? "RequestLatency" : `RequestLatency_${part}`,
      ),
      operator: "GreaterThan",
      threshold: latency.milliseconds,
    },
  };
}

function capacityAlert(capacity: CapacityAlert): Alert {
  return {
    kind: "capacity",
    description: "A deployment has too few machines.",
    scope: capacity.deploymentId,
    timing: capacity,
    severity: 2,
    metric: {
      metricNamespace: `${ENDPOINTS}/deployments`,
      metricName: "DeploymentCapacity",
      operator: "LessThan",
      threshold: capacity.leastInstances,
    },
  };
}

function alertRule(
  name: string,
  { endpointId, actionGroupIds, tags }: EndpointAlertsArgs,
  { kind, description, scope, timing, severity, metric }: Alert,
  parent: pulumi.Resource,
): monitor.MetricAlert {
  const endpoint = pulumi.output(endpointId).apply(resourceParts);
  return new monitor.MetricAlert(
    `${name}-${kind}`,
    {
      ruleName: endpoint.apply((parts) => azureName("metricAlert", `${parts.name}-${name}-${kind}`)),
      resourceGroupName: endpoint.resourceGroupName,
      location: "global",
      description,
      severity: timing.severity ?? severity,
      enabled: true,
      autoMitigate: true,
      scopes: [scope],
      evaluationFrequency: mapped(timing.everyMinutes, 1, duration),
      windowSize: mapped(timing.windowMinutes, 5, duration),
      criteria: {
        odataType: "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
        allOf: [
          { criterionType: "StaticThresholdCriterion", name: kind, timeAggregation: "Average", ...metric },
        ],
      },
      actions: pulumi.output(actionGroupIds).apply((ids) => ids.map((actionGroupId) => ({ actionGroupId }))),
      tags,
    },
    { parent },
  );
}

/** As Azure Monitor writes it: `PT5M`, `PT6H`, `P1D`. */
function duration(minutes: number): string {
  if (minutes === DAY) return "P1D";
  return minutes < 60 ? `PT${minutes}M` : `PT${minutes / 60}H`;
}
