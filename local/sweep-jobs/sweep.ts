import type { CommandJobSpec } from "../command-jobs/job";
import type { Principal } from "../identity/principal";
import type { BlobPlace } from "../jobs/blob-place";
import type { JobState } from "../jobs/job-status";
import type { JsonObject } from "../json";
import type { EarlyTermination, Goal } from "./early-termination";
import type { Point, Values } from "./sample";
import type { SearchSpace } from "./search-space";

/** How values are drawn. */
export type Sampling =
  | { readonly kind: "Grid" }
  /** By what was learned of the trials before. */
  | { readonly kind: "Bayesian" }
  /** Without a seed, the sweep's id is one. */
  | { readonly kind: "Random"; readonly rule: "Random" | "Sobol"; readonly seed: number | undefined };

/** What a sweep job is to do, out of its ARM body. */
export interface SweepSpec {
  /** ARM id of the job. */
  readonly id: string;
  readonly experimentName: string;
  readonly displayName: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Who put it: the trials track as that principal. */
  readonly owner: Principal;
  /** ARM's properties of the command job that each trial is, with bindings of the search space in its command. */
  readonly trial: JsonObject;
  readonly searchSpace: SearchSpace;
  readonly sampling: Sampling;
  readonly metric: string;
  readonly goal: Goal;
  readonly earlyTermination: EarlyTermination | undefined;
  readonly maxTrials: number;
  /** Trials at a time. */
  readonly maxConcurrent: number;
  /** Milliseconds that the whole may take. */
  readonly timeout: number;
  /** Name of the pipeline that it is a step of, at the top. */
  readonly rootRun?: string;
  /** Where the run's artifacts go. */
  readonly artifacts: BlobPlace;
}

/** A trial that was begun. */
export interface Trial {
  /** From 0 on. */
  readonly number: number;
  readonly point: Point;
  readonly values: Values;
  /** The primary metric, in the order in which it was logged, as far as it was read. */
  readonly metrics: readonly number[];
  /** ARM's last word; undefined while it goes on. */
  readonly ended?: "Completed" | "Failed" | "Canceled";
}

/** How far a sweep is. */
export interface SweepState extends JobState {
  readonly trials: readonly Trial[];
}

/** The sweeps of this machine. Job ids are taken without regard to case. */
export interface SweepJobs {
  /** Makes its run and begins, or goes on with it after a restart of the local Azure; a sweep that has ended is left alone. */
  start(spec: SweepSpec): Promise<void>;
  /** Resolves when no process of its trials is left. */
  cancel(jobId: string): Promise<void>;
  /** Cancels it where it runs, and forgets it with its trials. */
  remove(jobId: string): Promise<void>;
  state(jobId: string): SweepState | undefined;
  /** Resolves when it is over: it has ended, or was suspended. */
  ended(jobId: string): Promise<void>;
  /** Where the best trial's outputs are; undefined where no trial has logged the metric. */
  bestOutputs(spec: SweepSpec): Promise<CommandJobSpec["outputs"] | undefined>;
  close(): Promise<void>;
}
