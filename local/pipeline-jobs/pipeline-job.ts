import { lastName } from "../arm/path";
import type { CommandJobs } from "../command-jobs/job";
import { hasEnded, type JobState } from "../jobs/job-status";
import { runStatusOf, type JobRuns } from "../mlflow/job-runs";
import type { Workspace } from "../mlflow/workspace";
import type { SweepJobs } from "../sweep-jobs/sweep";
import type {
  CommandStep,
  NestedPipeline,
  PipelineJobSpec,
  PipelineState,
  PipelineStep,
  StepOutput,
  StepState,
  SweepStep,
} from "./job";
import { nextSteps, type StepProgress } from "./next-steps";
import type { PipelineFolder } from "./pipeline-folder";
import { movedOutputs, reuseKey, withMoved, type ReusableRuns } from "./reuse";

/** What runs the steps that are pipelines. */
export interface NestedPipelines {
  start(spec: PipelineJobSpec): Promise<void>;
  cancel(jobId: string): Promise<void>;
  ended(jobId: string): Promise<void>;
  state(jobId: string): PipelineState | undefined;
}

/** What a pipeline works with. */
export interface PipelineParts {
  readonly commands: Pick<CommandJobs, "start" | "cancel" | "remove" | "state" | "ended">;
  readonly sweeps: Pick<SweepJobs, "start" | "cancel" | "remove" | "state" | "ended" | "bestOutputs">;
  readonly runs: JobRuns;
  readonly reusable: ReusableRuns;
  /** The workspace of a job's ARM id. */
  readonly workspaceOf: (jobId: string) => Workspace;
}

const WAITING: StepState = { status: "NotStarted" };

/** A pipeline job: its steps, each when those that it needs have completed. */
export class PipelineJob {
  private told: PipelineState;
  private readonly stopped = new AbortController();
  private readonly running = new Map<string, Promise<void>>();
  private whole: Promise<void> = Promise.resolve();

  constructor(
    private readonly spec: PipelineJobSpec,
    private readonly folder: PipelineFolder,
    private readonly parts: PipelineParts & { readonly pipelines: NestedPipelines },
  ) {
    const steps = Object.fromEntries(spec.steps.map(({ name }) => [name, WAITING]));
    this.told = folder.state ?? { status: "NotStarted", steps };
  }

  get state(): PipelineState {
    return this.told;
  }

  /** Makes its run and begins, or goes on with what a killed local Azure left. */
  async start(): Promise<void> {
    const { spec, parts } = this;
    this.folder.saveState(this.told);
    await this.makeRun(lastName(spec.id), spec.displayName, spec.tags);
    if (this.told.status === "CancelRequested") this.stopped.abort();
    else this.tell({ status: "Running", startTime: this.told.startTime ?? new Date().toISOString() });
    await parts.runs.tell(this.workspaceId, lastName(spec.id), "RUNNING");
    this.whole = this.run();
  }

  /** Resolves when it is over: it has ended, or was suspended. */
  async ended(): Promise<void> {
    await this.whole;
  }

  /** Resolves when it has ended. */
  async cancel(): Promise<void> {
    this.tell({ status: "CancelRequested" });
    this.stopped.abort();
    await this.whole;
  }

  /** Its steps are suspended by who runs them; it goes on when it is started again. */
  async suspend(): Promise<void> {
    this.stopped.abort();
    await this.whole;
  }

  private get workspaceId(): string {
    return this.parts.workspaceOf(this.spec.id).id;
  }

  private async run(): Promise<void> {
    const stopped = new Promise<void>((resolve) => {
      if (this.stopped.signal.aborted) resolve();
      this.stopped.signal.addEventListener("abort", () => resolve());
    });
    try {
      // A step that was begun before the local Azure ended is found where it is.
      for (const step of this.spec.steps) if (this.progressOf(step) === "running") this.follow(step);
      while (!this.stopped.signal.aborted && this.advance())
        await Promise.race([...this.running.values(), stopped]);
      if (!this.stopped.signal.aborted) return await this.finish();
      if (this.told.status !== "CancelRequested") return;
      await Promise.all([...this.running.keys()].map((name) => this.cancelStep(name)));
      await Promise.all(this.running.values());
      for (const step of this.spec.steps)
        if (this.progressOf(step) === "waiting") this.tellStep(step.name, { status: "Canceled" });
      await this.end({ status: "Canceled" });
    } catch (error) {
      await this.end({
        status: "Failed",
        error: { code: "SystemError", message: (error as Error).message },
      });
    }
  }

  /** Does what follows from how far the steps are. @returns whether there is something to wait for */
  private advance(): boolean {
    const { spec } = this;
    const progress = spec.steps.map(
      (step) => [step.name, { needs: step.needs, progress: this.progressOf(step) }] as const,
    );
    const { begin, drop, stop } = nextSteps(Object.fromEntries(progress), spec);
    for (const name of drop) {
      this.tellStep(name, { status: "Canceled" });
      this.folder.log.write(`step ${name} does not run: another step has not completed`);
    }
    for (const name of stop) void this.cancelStep(name);
    for (const step of spec.steps) if (begin.includes(step.name)) this.follow(step);
    return this.running.size > 0;
  }

  private progressOf({ name }: PipelineStep): StepProgress {
    const { status } = this.told.steps[name] ?? WAITING;
    if (status === "NotStarted") return "waiting";
    if (status === "Completed") return "completed";
    if (status === "Failed") return "failed";
    return status === "Canceled" ? "canceled" : "running";
  }

  private follow(step: PipelineStep): void {
    const done = this.runStep(step)
      .catch((error: unknown) => {
        const message = (error as Error).message;
        this.tellStep(step.name, { status: "Failed", error: { code: "SystemError", message } });
      })
      .finally(() => this.running.delete(step.name));
    this.running.set(step.name, done);
  }

  private async cancelStep(name: string): Promise<void> {
    const step = this.spec.steps.find((each) => each.name === name);
    if (step?.kind === "command") await this.parts.commands.cancel(step.spec.id);
    else if (step?.kind === "sweep") await this.parts.sweeps.cancel(step.spec.id);
    else if (step !== undefined) await this.parts.pipelines.cancel(step.spec.id);
  }

  private async runStep(step: PipelineStep): Promise<void> {
    this.tellStep(step.name, { status: "Running" });
    if (step.kind === "command") await this.runCommand(step);
    else if (step.kind === "sweep") await this.runSweep(step);
    else await this.runPipeline(step);
  }

  private async runCommand(step: CommandStep): Promise<void> {
    const { commands, reusable, workspaceOf } = this.parts;
    const spec = withMoved(step.spec, this.moved());
    const key = reuseKey(workspaceOf(spec.id).guid, { ...step, spec });
    const before = step.reuse && commands.state(spec.id) === undefined ? reusable.find(key) : undefined;
    if (before !== undefined) return await this.reuse(step, before.job, before.outputs);
    this.folder.log.write(`step ${step.name} begins as job ${lastName(spec.id)}`);
    await commands.start(spec);
    await commands.ended(spec.id);
    const state = commands.state(spec.id);
    const completed = state?.status === "Completed";
    if (completed && step.reuse) reusable.keep(key, { job: lastName(spec.id), outputs: step.outputs });
    this.stepEnded(step, state, step.outputs);
  }

  private async runSweep(step: SweepStep): Promise<void> {
    const { sweeps } = this.parts;
    const spec = withMoved(step.spec, this.moved());
    this.folder.log.write(`step ${step.name} begins as sweep ${lastName(spec.id)}`);
    await sweeps.start(spec);
    await sweeps.ended(spec.id);
    const state = sweeps.state(spec.id);
    const best = state?.status === "Completed" ? await sweeps.bestOutputs(spec) : {};
    if (best !== undefined) return this.stepEnded(step, state, best);
    const message = `No trial logged the metric '${spec.metric}', so that none is the best.`;
    this.stepEnded(step, state && { ...state, status: "Failed", error: { code: "UserError", message } }, {});
  }

  private async runPipeline(step: NestedPipeline): Promise<void> {
    const { pipelines } = this.parts;
    const spec = withMoved(step.spec, this.moved());
    this.folder.log.write(`step ${step.name} begins as pipeline ${lastName(spec.id)}`);
    await pipelines.start(spec);
    await pipelines.ended(spec.id);
    const state = pipelines.state(spec.id);
    this.stepEnded(step, state, state === undefined ? {} : outputsOf(spec, state));
  }

  private stepEnded(
    { name }: PipelineStep,
    state: JobState | undefined,
    outputs: Readonly<Record<string, StepOutput>>,
  ): void {
    // With the local Azure the step was ended as well, or goes on after it.
    if (state === undefined || !hasEnded(state.status)) return;
    const { status, startTime, endTime, error } = state;
    this.tellStep(name, {
      status,
      ...(startTime === undefined ? {} : { startTime }),
      ...(endTime === undefined ? {} : { endTime }),
      ...(error === undefined ? {} : { error }),
      ...(status === "Completed" ? { outputs } : {}),
    });
    this.folder.log.write(`step ${name} is ${status}${error === undefined ? "" : `: ${error.message}`}`);
  }

  /** A run that did the same stands for the step's own, which is made all the same and has nothing in it. */
  private async reuse(
    { name, spec }: CommandStep,
    job: string,
    outputs: Readonly<Record<string, StepOutput>>,
  ): Promise<void> {
    const run = lastName(spec.id);
    await this.makeRun(run, spec.displayName, spec.tags);
    const now = new Date();
    await this.parts.runs.tell(this.workspaceId, run, "FINISHED", now.getTime());
    const at = now.toISOString();
    this.tellStep(name, { status: "Completed", startTime: at, endTime: at, reusedFrom: job, outputs });
    this.folder.log.write(`step ${name} is not run again: it has the outputs of job ${job}`);
  }

  private moved(): ReturnType<typeof movedOutputs> {
    return this.spec.steps.flatMap(({ name, outputs }) =>
      movedOutputs(outputs, this.told.steps[name]?.outputs ?? {}),
    );
  }

  private async makeRun(id: string, name: string, tags: Readonly<Record<string, string>>): Promise<void> {
    const { experimentName: experiment, owner } = this.spec;
    const startTime = Date.now();
    const { workspaceId } = this;
    await this.parts.runs.make({ workspaceId, id, experiment, name, user: owner.clientId, startTime, tags });
  }

  private async finish(): Promise<void> {
    const { steps } = this.told;
    const failed = Object.entries(steps).filter(([, { status }]) => status !== "Completed");
    if (failed.length === 0) return await this.end({ status: "Completed" });
    const [first] = failed.filter(([, { status }]) => status === "Failed");
    const [name, state] = first ?? failed[0] ?? [];
    const why = state?.error?.message ?? "it was canceled";
    await this.end({
      status: "Failed",
      error: { code: state?.error?.code ?? "UserError", message: `Step '${name}' did not complete: ${why}` },
    });
  }

  private tell(change: Partial<PipelineState>): void {
    this.told = { ...this.told, ...change };
    this.folder.saveState(this.told);
  }

  private tellStep(name: string, state: StepState): void {
    this.tell({ steps: { ...this.told.steps, [name]: state } });
  }

  private async end(how: Pick<JobState, "status" | "error">): Promise<void> {
    const { folder, parts, spec } = this;
    folder.log.write(
      `the pipeline is ${how.status}${how.error === undefined ? "" : `: ${how.error.message}`}`,
    );
    try {
      const status = runStatusOf(how.status);
      await parts.runs.tell(this.workspaceId, lastName(spec.id), status, Date.now());
    } catch (error) {
      // ARM's side does not wait for a workspace that is gone.
      folder.log.write(`the run could not be told that it is ${how.status}: ${(error as Error).message}`);
    }
    this.tell({ ...how, endTime: new Date().toISOString() });
  }
}

/** Where a pipeline's outputs are by now. */
export function outputsOf(
  { outputs }: PipelineJobSpec,
  { steps }: PipelineState,
): Readonly<Record<string, StepOutput>> {
  return Object.fromEntries(
    Object.entries(outputs).flatMap(([name, { step, output }]) => {
      const found = steps[step]?.outputs?.[output];
      return found === undefined ? [] : [[name, found] as const];
    }),
  );
}
