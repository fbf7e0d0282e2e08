import { setTimeout as sleep } from "node:timers/promises";
import { lastName } from "../arm/path";
import { ArtifactUpload } from "../command-jobs/artifact-upload";
import type { CommandJobs, CommandJobSpec } from "../command-jobs/job";
import { uploadTo, type JobBlobs } from "../jobs/blob-place";
import { hasEnded, type JobState } from "../jobs/job-status";
import { runStatusOf, type JobRuns, type RunStatus } from "../mlflow/job-runs";
import type { Workspace } from "../mlflow/workspace";
import { terminated, type Reported } from "./early-termination";
import { bestTrial, nextStep } from "./plan";
import { pointsOf, type Points } from "./points";
import { valuesAt } from "./sample";
import type { SweepSpec, SweepState, Trial } from "./sweep";
import type { SweepFolder } from "./sweep-folder";
import { trialId } from "./trial";

/** Milliseconds between two looks at the trials. */
const POLL = 250;
/** With a policy, each look reads the metrics of all that run. */
const POLL_METRICS = 1_000;
/** Metrics in a row that can't be read before they are done without. */
const MOST_FAILURES = 200;

/** What a sweep works with. */
export interface SweepParts {
  readonly blobs: JobBlobs;
  readonly runs: JobRuns;
  readonly commands: Pick<CommandJobs, "start" | "cancel" | "state">;
  /** ARM's record of a trial's job, made where there is none yet. */
  readonly trialJob: (spec: SweepSpec, trial: Trial) => Promise<CommandJobSpec>;
  /** The workspace of a job's ARM id. */
  readonly workspaceOf: (jobId: string) => Workspace;
}

/** A sweep job from its first trial to its last; each trial is a command job of its own. */
export class SweepJob {
  private told: SweepState;
  private readonly stopped = new AbortController();
  private readonly points: Points;
  private running: Promise<void> = Promise.resolve();
  /** Metrics that could not be read, one after the other. */
  private unread = 0;

  constructor(
    private readonly spec: SweepSpec,
    private readonly folder: SweepFolder,
    private readonly parts: SweepParts,
  ) {
    this.told = folder.state ?? { status: "NotStarted", trials: [] };
    this.points = pointsOf(spec);
  }

  get state(): SweepState {
    return this.told;
  }

  /** Makes its run and begins, or goes on with what a killed local Azure left. */
  async start(): Promise<void> {
    const { spec, folder, parts } = this;
    folder.make();
    folder.saveState(this.told);
    await parts.runs.make({
      workspaceId: parts.workspaceOf(spec.id).id,
      id: lastName(spec.id),
      experiment: spec.experimentName,
      name: spec.displayName,
      user: spec.owner.clientId,
      startTime: Date.now(),
      tags: spec.tags,
    });
    if (this.told.status === "CancelRequested") this.stopped.abort();
    this.running = this.run();
  }

  /** Resolves when it is over: it has ended, or was suspended. */
  async ended(): Promise<void> {
    await this.running;
  }

  /** Resolves when it has ended, and every trial. */
  async cancel(): Promise<void> {
    this.tell({ status: "CancelRequested" });
    this.stopped.abort();
    await this.running;
  }

  /** Looks at its trials no longer; it goes on when it is started again. */
  async suspend(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { spec, folder, parts } = this;
    const log = new ArtifactUpload(parts.blobs, [{ folder: folder.logs, place: spec.artifacts }]);
    try {
      const how = this.stopped.signal.aborted ? undefined : await this.sweep();
      if (how !== undefined) await this.end(how);
      else if (this.told.status === "CancelRequested") await this.end({ status: "Canceled" });
    } catch (error) {
      if (this.told.status === "CancelRequested") await this.end({ status: "Canceled" });
      else if (!this.stopped.signal.aborted)
        await this.end({
          status: "Failed",
          error: { code: "SystemError", message: (error as Error).message },
        });
    } finally {
      await log.stop();
    }
  }

  /** @returns how it ended; undefined where it was stopped */
  private async sweep(): Promise<Pick<SweepState, "status" | "error"> | undefined> {
    const { spec } = this;
    const { signal } = this.stopped;
    const startTime = this.told.startTime ?? new Date().toISOString();
    this.tell({ startTime, status: "Running" });
    await this.tellRun("RUNNING");
    // Those that a killed local Azure had begun.
    for (const trial of this.told.trials) if (trial.ended === undefined) await this.begin(trial);
    while (!signal.aborted) {
      await this.look();
      if (Date.now() - Date.parse(startTime) > spec.timeout)
        return {
          status: "Canceled",
          error: {
            code: "UserError",
            message: `The sweep took longer than limits.timeout, ${spec.timeout / 1000} s, and was ended.`,
          },
        };
      const step = nextStep(spec, this.told.trials, this.points.most);
      if (step.kind === "end") return step.failed ? this.failure() : { status: "Completed" };
      for (let begun = 0; begun < step.begin && !signal.aborted; begun += 1) await this.add();
      const pause = spec.earlyTermination === undefined ? POLL : POLL_METRICS;
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
    return undefined;
  }

  /** Begins one trial more. It is written down first, so that a kill leaves none that nobody knows of. */
  private async add(): Promise<void> {
    const { spec, folder } = this;
    const { trials } = this.told;
    const point = await this.points.next(trials);
    const values = valuesAt(spec.searchSpace, point);
    const trial: Trial = { number: trials.length, point, values, metrics: [] };
    this.tell({ trials: [...trials, trial] });
    folder.log.write(`trial ${trial.number} begins with ${JSON.stringify(values)}`);
    await this.begin(trial);
  }

  private async begin(trial: Trial): Promise<void> {
    const { spec, parts } = this;
    await parts.commands.start(await parts.trialJob(spec, trial));
  }

  /** Brings what is known of the trials to the present moment, and ends those that the policy ends. */
  private async look(): Promise<void> {
    const { spec, folder, parts } = this;
    const policy = spec.earlyTermination;
    const trials: Trial[] = [];
    for (const trial of this.told.trials) {
      const status = parts.commands.state(trialId(spec.id, trial.number))?.status ?? "NotStarted";
      if (trial.ended !== undefined || (!hasEnded(status) && policy === undefined)) trials.push(trial);
      else {
        const metrics = await this.metricsOf(trial);
        // What can't be read now is read at the next look: until then the trial has not ended.
        const over = hasEnded(status) && metrics !== undefined;
        const ended = over ? { ended: status as NonNullable<Trial["ended"]> } : {};
        trials.push({ ...trial, metrics: metrics ?? trial.metrics, ...ended });
        if (over)
          folder.log.write(
            `trial ${trial.number} is ${status}; ${spec.metric}: ${metrics.at(-1) ?? "not logged"}`,
          );
      }
    }
    const seen: readonly Reported[] = trials.map((trial) => ({
      ...trial,
      running: trial.ended === undefined,
    }));
    const ending = policy === undefined ? [] : terminated(policy, spec.goal, seen);
    this.tell({ trials });
    for (const number of ending) {
      folder.log.write(`trial ${number} is ended by the ${policy?.kind} policy`);
      await parts.commands.cancel(trialId(spec.id, number));
    }
  }

  /** @returns undefined where it can't be read now; after {@link MOST_FAILURES} such answers in a row what is known already */
  private async metricsOf({ number, metrics }: Trial): Promise<readonly number[] | undefined> {
    const { spec, folder, parts } = this;
    const run = lastName(trialId(spec.id, number));
    try {
      const history = await parts.runs.metricHistory(parts.workspaceOf(spec.id).id, run, spec.metric);
      this.unread = 0;
      return history;
    } catch (error) {
      this.unread += 1;
      if (this.unread === 1)
        folder.log.write(`the metric of trial ${number} could not be read: ${(error as Error).message}`);
      return this.unread > MOST_FAILURES ? metrics : undefined;
    }
  }

  private failure(): Pick<JobState, "status" | "error"> {
    const { spec, parts } = this;
    const first = this.told.trials.find(({ ended }) => ended === "Failed");
    const id = trialId(spec.id, first?.number ?? 0);
    const why = parts.commands.state(id)?.error?.message ?? "";
    return {
      status: "Failed",
      error: { code: "UserError", message: `The first trials failed; of ${lastName(id)}: ${why}` },
    };
  }

  private tell(change: Partial<SweepState>): void {
    this.told = { ...this.told, ...change };
    this.folder.saveState(this.told);
  }

  private async end(how: Pick<JobState, "status" | "error">): Promise<void> {
    const { folder, parts, spec } = this;
    const left = this.told.trials.filter(({ ended }) => ended === undefined);
    await Promise.all(left.map(({ number }) => parts.commands.cancel(trialId(spec.id, number))));
    await this.look();
    const best = bestTrial(spec.goal, this.told.trials);
    const why = how.error === undefined ? "" : `: ${how.error.message}`;
    folder.log.write(`the sweep is ${how.status}${why}`);
    if (best !== undefined)
      folder.log.write(`the best is trial ${best.number}; ${spec.metric}: ${best.score}`);
    await uploadTo(parts.blobs, spec.artifacts, folder.logs).catch(() => undefined);
    await this.tellRun(runStatusOf(how.status), Date.now());
    this.tell({ ...how, endTime: new Date().toISOString() });
  }

  /** MLflow's side of the sweep's status; ARM's does not wait for a workspace that is gone. */
  private async tellRun(status: RunStatus, endTime?: number): Promise<void> {
    const { spec, folder, parts } = this;
    const run = lastName(spec.id);
    try {
      const { id } = parts.workspaceOf(spec.id);
      await parts.runs.tell(id, run, status, endTime);
      const best = bestTrial(spec.goal, this.told.trials);
      if (best !== undefined && endTime !== undefined) await parts.runs.tag(id, run, bestTags(spec.id, best));
    } catch (error) {
      folder.log.write(`the run could not be told that it is ${status}: ${(error as Error).message}`);
    }
  }
}

/** How Azure ML says which trial is the best. */
export function bestTags(
  sweepId: string,
  best: { readonly number: number; readonly score: number },
): Record<string, string> {
  return {
    best_child_run_id: lastName(trialId(sweepId, best.number)),
    score: String(best.score),
  };
}
