import type { Stores } from "../jobs/score";
import type { ProviderError } from "../clients/errors";
import type { Job, Jobs } from "../clients/jobs";
import type { MlflowRun } from "../clients/mlflow-tracking";
import type { RunHistory } from "../clients/run-history";
import type { SubmittedFiles } from "./body";
import type { LiveTrainingJob } from "./job";
import type { JobInputs, Told } from "./types";

/** What a run works with. */
export interface TrainingClients extends Stores {
  readonly jobs: Jobs;
  readonly history: (workspaceId: string) => Promise<RunHistory>;
  /** The run of MLflow that a job has; undefined where there is none. */
  readonly run: (workspaceId: string, runId: string) => Promise<MlflowRun | undefined>;
  /** The runs below a run. */
  readonly childRuns: (workspaceId: string, runId: string) => Promise<readonly MlflowRun[]>;
  /** Takes lines of progress. */
  readonly say: (line: string) => void;
}

/** Machines that a job asks for. */
export interface Machines {
  /** Path of the argument that names them. */
  readonly property: string;
  /** ARM id; undefined for serverless ones. */
  readonly computeId?: string | undefined;
  readonly instanceCount?: number | undefined;
}

/** A kind of job that trains: what is its own beside what all have in common. */
export interface TrainingKind<Inputs extends JobInputs, Result extends Told> {
  /** What lines of progress call it. */
  readonly word: string;
  /** What decides what is learned; all else is where, how fast and under which words. */
  readonly decisive: readonly (keyof Inputs & string)[];
  /** What a job keeps that was submitted: the next one has it. */
  readonly next: readonly (keyof Inputs & string)[];
  /** What it runs on, where that is not `computeId` alone: what a preview looks for. */
  machines?(inputs: Inputs): readonly Machines[];
  /** Every key of the result. */
  readonly results: readonly (keyof Result & string)[];
  /** The properties of the job as ARM takes them. @param files addresses of the inputs that are files, by name */
  properties(
    inputs: Inputs,
    files: Readonly<Record<string, SubmittedFiles>>,
  ): Readonly<Record<string, unknown>>;
  /** What a job that runs says of itself by now. */
  look(clients: TrainingClients, inputs: Inputs): (job: Job) => Promise<string | undefined>;
  /** What is wrong with a job that has completed; undefined where nothing is. */
  flaw?(inputs: Inputs, result: Result, jobId: string): ProviderError | undefined;
  /** What a job has told so far, of whatever state it is. */
  told(clients: TrainingClients, inputs: Inputs, live: LiveTrainingJob): Promise<Result>;
}
