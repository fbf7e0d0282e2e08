import type { AutoscaleSpec } from "../autoscale/body";
import type { OldGeneration } from "../generations/past";
import type { Refusal } from "../generations/refusals";
import type { MeasuredFigures, Question } from "./metrics";

/** Percent a deployment. */
export type Traffic = Readonly<Record<string, number>>;

/** What a step gives the new generation. */
export interface Step {
  /** Percent of the requests that the rollout has to give, 0 to 100. */
  readonly weight: number;
  /** Percent of the requests that are copied to it, 50 at most and at weight 0; nobody gets its answers to them. */
  readonly mirror?: number;
  /** How long it is held and judged. */
  readonly bakeSeconds: number;
  /** Whether somebody has to say that it goes on after this step. */
  readonly pause?: boolean;
}

/** How often a step is measured, and what of it ends the rollout; the words are those of Argo Rollouts. */
export interface Judgement {
  readonly intervalSeconds: number;
  /** More failed measurements than this roll back. */
  readonly failureLimit: number;
  /** More measurements in a row that could not be taken than this roll back. */
  readonly consecutiveErrorLimit: number;
  /** More measurements without a result at the end of a step than this pause. */
  readonly inconclusiveLimit: number;
  /**
   * How late the figures of a minute come: a step is passed by a measurement that is so much later than its end, and only such a one is
   * inconclusive. One that fails counts at any time.
   */
  readonly delaySeconds: number;
  /** Whether requests that are missing are sent once a step. */
  readonly replays: boolean;
}

/** What is wanted, as far as the planner goes. */
export interface RolloutSpec {
  /** Name of the wanted generation. */
  readonly generation: string;
  /** Machines that are declared for it. */
  readonly instances: number;
  /** Of the generation that serves. Undefined where none is declared. */
  readonly autoscale?: AutoscaleSpec;
  /** The last gives 100 percent. */
  readonly steps: readonly Step[];
  readonly smoked: boolean;
  /** Whether metrics of the model's run are judged before anything is made. */
  readonly judgesRun?: boolean;
  /** Undefined where there are no gates: steps are held and not judged. */
  readonly judgement?: Judgement;
  /** Leads to the model version that serves. */
  readonly alias?: string;
  /** How long a generation that serves no more is kept. */
  readonly retireAfterSeconds: number;
  /** How many generations that once served are kept beyond that, to go back to at once. */
  readonly keepGenerations: number;
  /** How long one run may hold. */
  readonly maxHoldSeconds: number;
  /** `keep`: deployments that this rollout did not make keep their share. `take`: their traffic is this rollout's, too. */
  readonly foreignTraffic: "keep" | "take";
  /** What becomes of traffic that somebody else moved between this rollout's own deployments. */
  readonly onDrift: "putBack" | "adopt";
  /** Generation that may pass the pauses. */
  readonly promote?: string;
  /** Generation that is rolled back. */
  readonly abort?: string;
  /** Another text than at the refusal lets a refused generation try again. */
  readonly retry?: string;
}

/** What has to be known after a kill. Times are milliseconds since 1970. */
export interface Journal {
  /** The generation that was proven last. */
  readonly serving?: string;
  readonly moving?: Moving;
  /** Generations that failed; the newest last. */
  readonly refused: readonly Refusal[];
  /** Generations that serve no more; the newest last. */
  readonly old: readonly OldGeneration[];
}

/** The generation that is being proven. */
export interface Moving {
  readonly generation: string;
  /** Index into the steps; -1 while it is made and smoked. */
  readonly step: number;
  /** When the step began. */
  readonly since: number;
  /** The whole traffic map of before. */
  readonly saved: Traffic;
  readonly failures: number;
  readonly errors: number;
  readonly inconclusive: number;
  /** First, or proven before: no steps, all at once. */
  readonly straight?: boolean;
  /** The retry token that it began with. */
  readonly retry?: string;
  /** How many machines what serves had when it began; only where autoscale could take some away. */
  readonly instances?: number;
  /** Why it waits for somebody. */
  readonly paused?: string;
}

export interface ObservedDeployment {
  readonly state: "ready" | "changing" | "failed";
  /** Whether this rollout made it. */
  readonly ours: boolean;
  /** How many machines it has. */
  readonly instances?: number;
  /** Whether its tags are not the declared ones; only of the wanted generation. */
  readonly outdated?: boolean;
}

/** An autoscale setting that is about a deployment of the endpoint. */
export interface ObservedSetting {
  /** ARM id. */
  readonly id: string;
  readonly deployment: string;
  /** Whether this rollout made it. */
  readonly ours: boolean;
  readonly enabled: boolean;
  /** What it says, in its normal form; undefined where it says what this package never does. */
  readonly autoscale?: AutoscaleSpec;
}

/** What a run found out since its last write; a kill forgets it, and the next run finds it out again. */
export interface Evidence {
  /** Why the generation could not be made. */
  readonly deployFailure?: string;
  readonly smoke?: { readonly passed: boolean; readonly reason?: string };
  /** What the metrics of the model's run say. */
  readonly run?: Pick<Measurement, "verdict" | "reason">;
  /** To which generation's model version the alias was moved, and why it could not be. */
  readonly aliased?: { readonly generation: string; readonly problem?: string };
  readonly measurement?: Measurement;
  /** What is missing of the quota for the generation, if anything is. */
  readonly quota?: { readonly shortage?: string };
  readonly scaling?: {
    /** What was done about autoscale settings; the last of each deployment. */
    readonly done: readonly Scaling[];
    /** Why something could not be done. */
    readonly problem?: string;
  };
  /** When the last of the requests that were missing in this step was answered. */
  readonly replayed?: number;
}

export interface Measurement {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly verdict: "passed" | "failed" | "inconclusive" | "error";
  /** Gate, figure and limit. */
  readonly reason: string;
  /** How many requests are too few. */
  readonly missing?: number;
  /** What was judged, for the history. */
  readonly figures?: MeasuredFigures;
  /** Whether the journal has it. */
  readonly noted?: boolean;
}

/** The endpoint as it is. */
export interface Observed {
  /** When this run began, milliseconds since 1970. */
  readonly began: number;
  readonly traffic: Traffic;
  readonly mirror: Traffic;
  readonly deployments: Readonly<Record<string, ObservedDeployment>>;
  /** Undefined where they may not be read. */
  readonly settings?: readonly ObservedSetting[];
  readonly journal?: Journal;
  readonly evidence: Evidence;
}

/** A deployment gets its autoscale setting, or loses it. */
export type Scaling =
  | { readonly kind: "attach"; readonly deployment: string; readonly autoscale: AutoscaleSpec }
  | { readonly kind: "detach"; readonly deployment: string };

/** One thing to do. A `write` is one PUT of the endpoint: traffic, mirroring and journal together. */
export type Action =
  | {
      readonly kind: "write";
      readonly traffic: Traffic;
      readonly mirror: Traffic;
      readonly journal: Journal | undefined;
      readonly why: string;
    }
  | { readonly kind: "deploy"; readonly generation: string; readonly instances: number }
  | { readonly kind: "remove"; readonly deployment: string }
  | Scaling
  | { readonly kind: "quota"; readonly generation: string; readonly instances: number }
  | { readonly kind: "smoke"; readonly generation: string }
  | { readonly kind: "judge"; readonly generation: string; readonly serving: string | undefined }
  | { readonly kind: "alias"; readonly generation: string; readonly alias: string }
  | ({ readonly kind: "measure" } & Question)
  | { readonly kind: "replay"; readonly generation: string; readonly count: number }
  | { readonly kind: "wait"; readonly until: number; readonly why: string }
  | { readonly kind: "end"; readonly phase: Phase; readonly why?: string }
  | {
      readonly kind: "fail";
      readonly reason: string;
      /** What to do about it, where that is not another generation. */
      readonly tryThis?: string;
    };

/** How a run ended. */
export type Phase =
  | "Serving"
  | "Paused"
  | "Advancing"
  /** Somebody took the wanted generation back; another serves. */
  | "RolledBack"
  | "Gone";
