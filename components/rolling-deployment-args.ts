import * as pulumi from "@pulumi/pulumi";
import { versionIdOf, workspaceIdOf } from "../providers/clients/arm-id";
import { stepsOf } from "../providers/rollout/strategy";
import {
  flag,
  integer,
  kindOf,
  listOf,
  objectOf,
  oneOf,
  optional,
  rule,
  text,
  type Problem,
  type Rules,
} from "../providers/rules";
import type { Constraint } from "./args";
import { rolloutAutoscaleConstraints } from "./rollout-autoscale-args";
import { rolloutGatesConstraints, rolloutGatesRule, type RolloutGates } from "./rollout-gates-args";
import { aliasRule } from "./model-version-args";
import { rolloutNotifyRule, type RolloutNotify } from "./rollout-notify-args";
import { instancesScaleRules, type InstancesScale } from "./autoscale-args";
import {
  onlineDeploymentConstraints,
  onlineDeploymentRules,
  type OnlineDeploymentArgs,
} from "./online-deployment";

/** All of the traffic at once, as soon as the generation is proven. */
export interface AllAtOnce {
  readonly kind: "allAtOnce";
}

/** A small part first, then all. */
export interface Canary {
  readonly kind: "canary";
  /** Percent of the traffic, 1 to 99. */
  readonly percent: number;
  /** Seconds that it is held and judged. */
  readonly bakeSeconds: number;
}

/** Equal parts more, until it is all. */
export interface Linear {
  readonly kind: "linear";
  /** Percent of the traffic that each step adds, 1 to 99. */
  readonly percent: number;
  /** Seconds that each step is held and judged. */
  readonly bakeSeconds: number;
}

/** Copies of requests first, whose answers nobody gets; then a canary. */
export interface ShadowThenCanary {
  readonly kind: "shadowThenCanary";
  /** Percent of the requests that are copied, 1 to 50; Azure counts the copies against the endpoint's bandwidth. */
  readonly mirrorPercent: number;
  /** Seconds that they are copied, and the answers judged. */
  readonly mirrorSeconds: number;
  /** Percent of the traffic afterwards, 1 to 99. */
  readonly percent: number;
  /** Seconds that it is held and judged. */
  readonly bakeSeconds: number;
}

/** Each step as it says, in turn, then all. */
export interface ExplicitSteps {
  readonly kind: "steps";
  /** At least one. */
  readonly steps: readonly RolloutStep[];
}

/** A step on the way to all of the traffic. */
export interface RolloutStep {
  /** Percent of the traffic, 0 to 99; more than the step before. */
  readonly weight: number;
  /** Percent of the requests that are copied to it, 1 to 50, while its weight is 0. */
  readonly mirror?: number;
  /** Seconds that the step is held and judged. */
  readonly bakeSeconds: number;
  /** Whether `up` ends here, in phase Paused, until `promote` names the generation. False by default. */
  readonly pause?: boolean;
}

/** A request that a generation has to answer with 200 and JSON before it gets any traffic. */
export interface SmokeRequest {
  /** JSON, as a caller would send it. Stands in the state as it is. */
  readonly body: unknown;
  /** The whole answer; numbers may differ in the seventh digit. Any JSON by default. */
  readonly expected?: unknown;
}

/**
 * Instances, tags and description change in place; everything else of the deployment, the model first of all, makes another generation.
 * Strategy, gates and smoke requests are no outputs: a preview has to know them.
 */
export interface RollingDeploymentArgs extends OnlineDeploymentArgs {
  /**
   * Machines that come and go with the load, or by the time of the week: an autoscale of the generation that serves, from when it is proven until
   * another is. None by default. With it `instances` is how many the first generation has when it is made, `autoscale.instances.least` by default; later
   * ones are made with as many as what serves has at that moment. Whoever runs `up` needs to read, write and delete
   * `Microsoft.Insights/autoscaleSettings` in the endpoint's resource group.
   */
  readonly autoscale?: InstancesScale;
  /** A canary of 10 % for 600 seconds by default. The first generation, and one that is gone back to, take no steps. */
  readonly strategy?: AllAtOnce | Canary | Linear | ShadowThenCanary | ExplicitSteps;
  /** Seconds that the generation is still judged, and rolled back by a broken gate, when it has all of the traffic. 300 by default. */
  readonly watchSeconds?: number;
  /** None by default: then only readiness is proven before the first step. */
  readonly smokeRequests?: readonly SmokeRequest[];
  /** None by default: steps then are held for their time and not judged. */
  readonly gates?: RolloutGates;
  /**
   * Alias that leads to the model version that serves, `serving`: moved when a generation is promoted, and back with a rollback. Azure ML has no
   * aliases of its own: it is the tag `alias.NAME`, taken from the other versions of the models on this endpoint. The model's own `aliases` must
   * not name it, nor another endpoint. None by default.
   */
  readonly alias?: pulumi.Input<string>;
  /** None by default. */
  readonly notify?: RolloutNotify;
  /** Seconds that a generation that serves no more is kept, and paid for. 300 by default. */
  readonly retireAfterSeconds?: number;
  /** How many former generations are kept, and paid for, beyond that: to go back to without a wait. 0 by default. */
  readonly keepGenerations?: number;
  /** Seconds that one `up` holds steps at most; then it ends in phase Advancing, and the next goes on. 3600 by default. */
  readonly maxHoldSeconds?: number;
  /**
   * `keep` (the default): deployments that others made keep their share of the traffic; where that is all of it, the first generation is not made
   * and `up` fails. `take`: they get none.
   */
  readonly foreignTraffic?: "keep" | "take";
  /**
   * What becomes of traffic that somebody moved by hand between this component's own deployments, in the portal or by a client of Azure's. A
   * preview shows it either way. `putBack` (the default): `up` puts it back. `adopt`: it is left until the next step or change.
   */
  readonly onDrift?: "putBack" | "adopt";
  /** Name of the generation that may go on from a pause. */
  readonly promote?: pulumi.Input<string>;
  /** Name of the generation that is rolled back, if it is still on its way. */
  readonly abort?: pulumi.Input<string>;
  /** A generation that failed is refused until this is another text than it was then. */
  readonly retry?: pulumi.Input<string>;
}

/** How another generation takes the place of the one that serves, without what it is made of. */
export type RolloutSettings = Omit<RollingDeploymentArgs, keyof OnlineDeploymentArgs>;

const safeRollout = "docs:how-to-safely-rollout-online-endpoints";
const seconds = integer(0, 604_800);
const percent = integer(1, 99);
const mirrorPercent = integer(1, 50, safeRollout);

export const rolloutRules: Rules<RolloutSettings> = {
  autoscale: optional(objectOf(instancesScaleRules)),
  strategy: optional(
    kindOf("kind", {
      allAtOnce: {},
      canary: { percent, bakeSeconds: seconds },
      linear: { percent, bakeSeconds: seconds },
      shadowThenCanary: { mirrorPercent, mirrorSeconds: seconds, percent, bakeSeconds: seconds },
      steps: {
        steps: listOf(
          objectOf<RolloutStep>({
            weight: integer(0, 99),
            mirror: optional(mirrorPercent),
            bakeSeconds: seconds,
            pause: optional(flag()),
          }),
          { least: 1 },
        ),
      },
    }),
  ),
  watchSeconds: optional(seconds),
  smokeRequests: optional(
    listOf(
      objectOf<SmokeRequest>({
        body: rule((value) => value !== undefined, "JSON"),
        expected: optional(rule(() => true, "JSON")),
      }),
    ),
  ),
  gates: optional(rolloutGatesRule),
  alias: optional(aliasRule),
  notify: optional(rolloutNotifyRule),
  retireAfterSeconds: optional(seconds),
  keepGenerations: optional(integer(0, 18, "docs:how-to-manage-quotas")),
  maxHoldSeconds: optional(seconds),
  foreignTraffic: optional(oneOf("keep", "take")),
  onDrift: optional(oneOf("putBack", "adopt")),
  promote: optional(text("the name of a generation")),
  abort: optional(text("the name of a generation")),
  retry: optional(text("text")),
};

export const rollingDeploymentRules: Rules<RollingDeploymentArgs> = {
  ...onlineDeploymentRules,
  ...rolloutRules,
};

export const rollingDeploymentConstraints: readonly Constraint<RollingDeploymentArgs>[] = [
  ...onlineDeploymentConstraints,
  {
    id: "rolling-deployment-mirror-beside-weight",
    source: safeRollout,
    problems: ({ strategy }) =>
      stepProblems(
        strategy,
        ({ weight, mirror }) => mirror !== undefined && weight > 0,
        "mirror",
        "a deployment that has live traffic can't be mirrored to: it must be at weight 0",
      ),
  },
  {
    id: "rolling-deployment-weights-fall",
    source: safeRollout,
    problems: ({ strategy }) =>
      stepProblems(
        strategy,
        ({ weight }, before) => before !== undefined && weight < before.weight,
        "weight",
        "it must not be less than the step's before",
      ),
  },
  ...rolloutGatesConstraints,
  {
    id: "rolling-deployment-needs-registered-model",
    source: "docs:concept-model-management-and-deployment",
    problems: ({ endpointId, model, gates, alias }) => {
      const { runMetrics } = Object(gates) as RolloutGates;
      if (runMetrics === undefined && alias === undefined) return [];
      if (typeof endpointId !== "string" || typeof model !== "string") return [];
      const workspaceId = workspaceIdOf(endpointId);
      return versionIdOf(workspaceId, model) === undefined
        ? [
            {
              path: "model",
              value: model,
              reason: "with gates.runMetrics or alias it must be registered in the endpoint's workspace",
            },
          ]
        : [];
    },
  },
  ...rolloutAutoscaleConstraints,
];

/** The first step that is wrong. */
function stepProblems(
  strategy: unknown,
  isWrong: (step: RolloutStep, before: RolloutStep | undefined) => boolean,
  property: keyof RolloutStep,
  reason: string,
): readonly Problem[] {
  const { kind, steps } = Object(strategy) as { kind?: unknown; steps?: readonly RolloutStep[] };
  if (kind !== "steps" || steps === undefined) return [];
  const index = steps.findIndex((step, at) => isWrong(step, steps[at - 1]));
  const step = steps[index];
  if (step === undefined) return [];
  return [{ path: `strategy.steps.${index}.${property}`, value: step[property], reason }];
}

/** What the rollout is to do, with what is left out filled in. */
export function rolloutOf({
  strategy = { kind: "canary", percent: 10, bakeSeconds: 600 },
  watchSeconds = 300,
  gates,
  ...args
}: RollingDeploymentArgs) {
  return {
    steps: stepsOf(strategy, watchSeconds),
    autoscale: args.autoscale && { ...args.autoscale, rules: args.autoscale.rules ?? [] },
    smokeRequests: args.smokeRequests ?? [],
    gates: gates?.limits ?? [],
    minRequests: gates?.minRequests ?? 0,
    check: gates?.check === undefined ? undefined : pulumi.secret(gates.check),
    replay: gates?.replay,
    runMetrics: gates?.runMetrics,
    judgement: {
      intervalSeconds: gates?.intervalSeconds ?? 60,
      failureLimit: gates?.failureLimit ?? 0,
      consecutiveErrorLimit: gates?.consecutiveErrorLimit ?? 4,
      inconclusiveLimit: gates?.inconclusiveLimit ?? 0,
    },
    alias: args.alias,
    notify: args.notify === undefined ? undefined : pulumi.secret(args.notify),
    retireAfterSeconds: args.retireAfterSeconds ?? 300,
    keepGenerations: args.keepGenerations ?? 0,
    maxHoldSeconds: args.maxHoldSeconds ?? 3600,
    foreignTraffic: args.foreignTraffic ?? "keep",
    onDrift: args.onDrift ?? "putBack",
    promote: args.promote,
    abort: args.abort,
    retry: args.retry,
  };
}
