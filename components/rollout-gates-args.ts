import type * as pulumi from "@pulumi/pulumi";
import {
  integer,
  listOf,
  objectOf,
  oneOf,
  optional,
  recordOf,
  rule,
  text,
  type Problem,
} from "../providers/rules";
import type { Constraint } from "./args";
import { webhookUrl } from "./rollout-notify-args";
import type { RollingDeploymentArgs, RolloutStep } from "./rolling-deployment-args";
import { runMetricsRule, runMetricsWithoutLimit, withoutLimit, type RunMetricGate } from "./run-metric-gate";

/** A figure of a generation and what it may be at most, by `max`, by `maxRatio`, or by the lower of both. */
export interface RolloutGate {
  /** `errorPercent`: answers other than 2xx. `latencyMean`, `latencyP50`, `latencyP90`, `latencyP95`, `latencyP99`: milliseconds. */
  readonly metric: "errorPercent" | "latencyMean" | "latencyP50" | "latencyP90" | "latencyP95" | "latencyP99";
  /** At most this: percent or milliseconds. */
  readonly max?: number;
  /** At most this many times the figure of the generation that serves, of the last hour. */
  readonly maxRatio?: number;
}

/**
 * What has to be said of a step for the next to follow. Measurements and limits are what they are in Argo Rollouts. Azure Monitor's figures
 * come up to three minutes late: with limits, a step is passed four minutes after its time at the earliest; a broken one is seen as it comes.
 */
export interface RolloutGates {
  /** One that is broken is enough to fail. None by default. */
  readonly limits?: readonly RolloutGate[];
  /** With fewer requests in the step a measurement is inconclusive: at the end of the step that pauses, and never promotes. Needed with limits. */
  readonly minRequests?: number;
  /** None by default. */
  readonly replay?: RolloutReplay;
  /**
   * Metrics of the run that registered the model, judged before anything is made: one that is broken refuses the generation, one that is not
   * there, or a model without a run, pauses. Nothing is compared for the first generation; one that is gone back to is not judged. None by default.
   */
  readonly runMetrics?: readonly RunMetricGate[];
  /** None by default. Where there is one, `pulumi up` alone goes on with the rollout: the commands don't know its address. */
  readonly check?: RolloutCheck;
  /** 60 by default: Azure measures by the minute. */
  readonly intervalSeconds?: number;
  /** How many measurements of a step may fail. 0 by default. */
  readonly failureLimit?: number;
  /** How many measurements in a row may be impossible before it is rolled back. 4 by default. */
  readonly consecutiveErrorLimit?: number;
  /** How many measurements at the end of a step may be inconclusive. 0 by default. */
  readonly inconclusiveLimit?: number;
}

/** Smoke requests sent once more where callers send too few. They are no copies: the model answers them, and Azure counts them. */
export interface RolloutReplay {
  /** How many a step may get, from the middle of its time on; only those that are missing are sent. */
  readonly requests: number;
  /** At most so many a second. */
  readonly perSecond: number;
}

/** Somebody's own judge of a generation: an HTTP address. */
export interface RolloutCheck {
  /**
   * `https://…`, or `http://` on this machine. It is sent a POST with JSON, `endpointId`, `generation`, `serving` and `figures`, at each
   * measurement: 2xx passes, another answer fails, none in 30 seconds is an error. Kept secret.
   */
  readonly url: pulumi.Input<string>;
  /** Sent with it, for instance to sign in. Kept secret. */
  readonly headers?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

const positive = rule((value) => typeof value === "number" && value > 0, "a number above 0");
const notNegative = rule((value) => typeof value === "number" && value >= 0, "a number, 0 or more");

export const rolloutGatesRule = objectOf<RolloutGates>({
  limits: optional(
    listOf(
      objectOf<RolloutGate>({
        metric: oneOf("errorPercent", "latencyMean", "latencyP50", "latencyP90", "latencyP95", "latencyP99"),
        max: optional(notNegative),
        maxRatio: optional(positive),
      }),
      { least: 1 },
    ),
  ),
  minRequests: optional(integer(1, 1_000_000_000)),
  replay: optional(objectOf<RolloutReplay>({ requests: integer(1, 10_000), perSecond: integer(1, 100) })),
  runMetrics: optional(runMetricsRule),
  check: optional(
    objectOf<RolloutCheck>({
      url: webhookUrl,
      headers: optional(recordOf(text("text", /^/))),
    }),
  ),
  intervalSeconds: optional(integer(1, 86_400)),
  failureLimit: optional(integer(0, 1000)),
  consecutiveErrorLimit: optional(integer(0, 1000)),
  inconclusiveLimit: optional(integer(0, 1000)),
});

export const rolloutGatesConstraints: readonly Constraint<RollingDeploymentArgs>[] = [
  {
    id: "rolling-deployment-gates-need",
    source: "argo-rollouts:docs/features/analysis",
    problems: gateProblems,
  },
  {
    id: "rolling-deployment-gate-without-limit",
    source: "argo-rollouts:docs/features/analysis",
    problems: ({ gates }) => {
      const { limits, runMetrics } = Object(gates) as RolloutGates;
      return [
        ...withoutLimit("gates.limits", limits, ["max", "maxRatio"]),
        ...runMetricsWithoutLimit("gates.runMetrics", runMetrics),
      ];
    },
  },
];

/** What gates need of one another. */
function gateProblems({
  gates,
  smokeRequests,
  strategy,
}: Partial<Record<keyof RollingDeploymentArgs, unknown>>): Problem[] {
  if (typeof gates !== "object" || gates === null) return [];
  const { limits, check, runMetrics, minRequests, replay } = gates as RolloutGates;
  const problem = (path: string, reason: string): Problem => ({ path, value: undefined, reason });
  const mean = limits?.findIndex(({ metric }) => metric === "latencyMean") ?? -1;
  const samples = Array.isArray(smokeRequests) ? smokeRequests.length : 0;
  return [
    ...(limits === undefined && check === undefined && runMetrics === undefined
      ? [problem("gates", "it must have limits, runMetrics or check")]
      : []),
    ...(limits !== undefined && minRequests === undefined
      ? [problem("gates.minRequests", "with limits it must be given")]
      : []),
    ...(replay !== undefined && samples === 0
      ? [problem("gates.replay", "there must be smokeRequests, which it sends again")]
      : []),
    ...(mean >= 0 && isMirrored(strategy)
      ? [
          problem(
            `gates.limits.${mean}.metric`,
            "Azure has no mean of copied requests; a percentile is there",
          ),
        ]
      : []),
  ];
}

function isMirrored(strategy: unknown): boolean {
  const { kind, steps } = Object(strategy) as { kind?: unknown; steps?: readonly RolloutStep[] };
  return (
    kind === "shadowThenCanary" ||
    (kind === "steps" && steps?.some(({ mirror }) => mirror !== undefined) === true)
  );
}
