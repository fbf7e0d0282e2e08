import type { DeploymentState } from "../generations/deployments";
import type { OldGeneration } from "../generations/past";
import type { Refusal } from "../generations/refusals";

/** What is wanted, as far as the planner goes. */
export interface BatchRolloutSpec {
  /** Name of the wanted generation. */
  readonly generation: string;
  /** What of the proof makes another job of it. */
  readonly proof: string;
  /** How long the job may take before it counts as failed. */
  readonly maxProofSeconds: number;
  /** How long a generation that is no default any more is kept. */
  readonly retireAfterSeconds: number;
  /** How many generations that once were the default are kept beyond that, to go back to at once. */
  readonly keepGenerations: number;
  /** Another text than at the refusal lets a refused generation try again. */
  readonly retry?: string;
}

/** What has to be known after a kill. Times are milliseconds since 1970. */
export interface Journal {
  /** The generation that was made the default last. */
  readonly serving?: string;
  /** The generation that is being proven. */
  readonly moving?: Moving;
  /** Generations that failed; the newest last. */
  readonly refused: readonly Refusal[];
  /** Generations that are no default any more; the newest last. */
  readonly old: readonly OldGeneration[];
}

export interface Moving {
  readonly generation: string;
  readonly since: number;
  /** The retry token that it began with. */
  readonly retry?: string;
  /** Noted before it is submitted, so that the next run finds it. */
  readonly job?: ProofJob;
}

export interface ProofJob {
  readonly name: string;
  readonly since: number;
}

export interface ObservedDeployment {
  readonly state: DeploymentState;
  /** Whether this rollout made it. */
  readonly ours: boolean;
  /** Whether what changes in place is not as declared; only of the wanted generation. */
  readonly outdated?: boolean;
}

/** What a run found out; a kill forgets it, and the next run finds it out again. */
export interface Evidence {
  /** Why the generation could not be made. */
  readonly deployFailure?: string;
  /** The job that this run submitted. */
  readonly submitted?: string;
  /** The job that this run cancelled. */
  readonly cancelled?: string;
  readonly verdict?: Verdict;
}

/** What a job says of its generation. */
export interface Verdict {
  readonly job: string;
  /** Why it is no proof; undefined where it is one. */
  readonly problem?: string;
}

/** The endpoint as it is. */
export interface Observed {
  readonly defaultDeployment?: string;
  readonly deployments: Readonly<Record<string, ObservedDeployment>>;
  readonly journal?: Journal;
  /** Of the job that the journal names. */
  readonly job?: "missing" | "running" | "ended";
  /** ARM's word for how far that is. */
  readonly jobStatus?: string;
  readonly evidence: Evidence;
}

/** One thing to do. A `write` is one PUT of the endpoint: default and journal together. */
export type Action =
  | {
      readonly kind: "write";
      readonly defaultDeployment: string | undefined;
      readonly journal: Journal | undefined;
      readonly why: string;
      /** Ends the run with this, once it is written. */
      readonly failure?: string;
    }
  | { readonly kind: "deploy"; readonly generation: string }
  | { readonly kind: "remove"; readonly deployment: string }
  | { readonly kind: "submit"; readonly generation: string; readonly job: string }
  | { readonly kind: "cancel"; readonly job: string }
  | { readonly kind: "check"; readonly job: string }
  | { readonly kind: "wait"; readonly until: number; readonly why: string }
  | { readonly kind: "end"; readonly phase: Phase }
  | { readonly kind: "fail"; readonly reason: string };

/** How a run ended well. */
export type Phase = "Serving" | "Gone";
