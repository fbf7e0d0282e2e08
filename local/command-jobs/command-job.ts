import { ARM_AUDIENCES } from "../cloud";
import { plainEnvironment } from "../children";
import type { Clusters, Grant } from "../compute/clusters";
import type { Environment } from "../environments/environment";
import type { Principal } from "../identity/principal";
import type { AccessToken } from "../identity/tokens";
import { uploadTo, type JobBlobs } from "../jobs/blob-place";
import { JobFailed } from "../jobs/job-failed";
import type { JobState } from "../jobs/job-status";
import { runStatusOf, type JobRuns, type RunStatus } from "../mlflow/job-runs";
import type { Workspace } from "../mlflow/workspace";
import { lastName } from "../arm/path";
import { DeploymentLog } from "../scoring/deployment-log";
import { ArtifactUpload } from "./artifact-upload";
import { substituted } from "./bindings";
import type { Exit } from "./command-process";
import type { CommandJobSpec } from "./job";
import { jobEnvironment } from "./job-environment";
import { bindingsOf, fetchFiles, makeOutputs, ownFolders, uploadOutputs } from "./job-files";
import type { JobFolder } from "./job-folder";

const ERROR_LINES = 20;

/** What a job works with. */
export interface CommandParts {
  readonly blobs: JobBlobs;
  readonly clusters: Pick<Clusters, "claim">;
  readonly runs: JobRuns;
  /** A Python that has what the environment says; told what happens, a line at a time. @throws Error for one that can't be had here */
  readonly pythonOf: (environment: Environment, say: (line: string) => void) => Promise<string>;
  readonly issueToken: (audience: string, principal: Principal) => Promise<AccessToken>;
  /** The workspace of a job's ARM id. */
  readonly workspaceOf: (jobId: string) => Workspace;
  /** What leads the command to the local Azure. */
  readonly door: () => Readonly<Record<string, string>>;
}

/** A command job from the queue to its outputs. */
export class CommandJob {
  private told: JobState;
  private readonly stopped = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private experimentId = "";
  private timedOut = false;

  constructor(
    private readonly spec: CommandJobSpec,
    private readonly folder: JobFolder,
    private readonly parts: CommandParts,
  ) {
    this.told = folder.state ?? { status: "NotStarted" };
  }

  get state(): JobState {
    return this.told;
  }

  /** Makes its run and begins, or goes on with what a killed local Azure left. */
  async start(): Promise<void> {
    const { spec, folder, parts } = this;
    folder.make();
    folder.saveState(this.told);
    // Before anything is waited for: whoever starts first is first in turn.
    const grant =
      spec.clusterId === undefined
        ? undefined
        : parts.clusters.claim(spec.clusterId, spec.id, spec.instances);
    try {
      await this.makeRun();
    } catch (error) {
      grant?.release();
      throw error;
    }
    if (this.told.status === "CancelRequested") this.stopped.abort();
    this.running = this.run(grant);
  }

  private async makeRun(): Promise<void> {
    const { spec, parts } = this;
    this.experimentId = await parts.runs.make({
      workspaceId: parts.workspaceOf(spec.id).id,
      id: lastName(spec.id),
      experiment: spec.experimentName,
      name: spec.displayName,
      user: spec.owner.clientId,
      startTime: Date.now(),
      tags: spec.tags,
    });
  }

  /** Resolves when it is over: it has ended, or was suspended. */
  async ended(): Promise<void> {
    await this.running;
  }

  /** Resolves when it has ended. */
  async cancel(): Promise<void> {
    this.tell({ status: "CancelRequested" });
    this.stopped.abort();
    await this.running;
  }

  /** Ends the command; a job whose command has not begun goes on when it is started again. */
  async suspend(): Promise<void> {
    this.stopped.abort();
    await this.running;
  }

  private async run(grant: Grant | undefined): Promise<void> {
    const { spec, folder } = this;
    const begun = folder.process.begun;
    if (!begun) this.enter("Queued");
    this.stopped.signal.addEventListener("abort", () => grant?.release());
    try {
      if (!begun) {
        this.stopped.signal.throwIfAborted();
        folder.log.write(
          grant === undefined ? "serverless: no node is waited for" : `waiting for ${spec.instances} nodes`,
        );
        await grant?.nodes;
        await this.prepare();
      }
      await this.finish(await this.follow());
    } catch (error) {
      if (this.told.status === "CancelRequested") await this.end({ status: "Canceled" });
      else if (!this.stopped.signal.aborted) {
        const code = error instanceof JobFailed ? error.code : "SystemError";
        await this.end({ status: "Failed", error: { code, message: (error as Error).message } });
      }
    } finally {
      grant?.release();
    }
  }

  /** Brings everything here that the command needs, and begins it. */
  private async prepare(): Promise<void> {
    const { spec, folder, parts } = this;
    this.enter("Preparing");
    const workingFolder = await fetchFiles(spec, folder, parts.blobs);
    const python = await this.python();
    const bindings = bindingsOf(spec, folder);
    makeOutputs(spec, folder);
    const token = await parts.issueToken(ARM_AUDIENCES[0], spec.owner);
    const workspace = parts.workspaceOf(spec.id);
    const { experimentId } = this;
    const path = plainEnvironment()["PATH"] ?? "";
    const own = jobEnvironment({ spec, workspace, experimentId, token, bindings, python, path });
    if (spec.distribution !== undefined || spec.instances > 1)
      folder.log.write(
        "the command runs once, as the first process of one: the local Azure spreads no job over nodes",
      );
    this.stopped.signal.throwIfAborted();
    folder.saveWorkingFolder(workingFolder);
    this.told = { ...this.told, startTime: new Date().toISOString() };
    this.enter("Running");
    folder.process.begin({
      command: ["/bin/bash", "-c", substituted(spec.command, bindings)],
      env: plainEnvironment({ ...parts.door(), ...own }),
      cwd: workingFolder,
      logFile: folder.printed,
    });
  }

  private async python(): Promise<string> {
    const { spec, folder, parts } = this;
    try {
      return await parts.pythonOf(spec.environment, (line) => folder.log.write(line));
    } catch (error) {
      throw new JobFailed("UserError", (error as Error).message);
    }
  }

  /** Waits for the command's end, while its log, and what it writes, go to the run. */
  private async follow(): Promise<Exit | undefined> {
    const { spec, folder, parts } = this;
    this.enter("Running");
    await this.tellRun("RUNNING");
    const artifacts = new ArtifactUpload(parts.blobs, [
      { folder: folder.logs, place: spec.artifacts },
      ...ownFolders(spec, folder.workingFolder ?? folder.code),
    ]);
    const stop = (): void => folder.process.stop();
    if (this.stopped.signal.aborted) stop();
    this.stopped.signal.addEventListener("abort", stop);
    const since = Date.parse(this.told.startTime ?? new Date().toISOString());
    const left = spec.timeout === undefined ? undefined : Math.max(0, since + spec.timeout - Date.now());
    const timer =
      left === undefined
        ? undefined
        : setTimeout(() => {
            this.timedOut = true;
            stop();
          }, left);
    try {
      return await folder.process.ended();
    } finally {
      clearTimeout(timer);
      this.stopped.signal.removeEventListener("abort", stop);
      await artifacts.stop();
    }
  }

  private async finish(exit: Exit | undefined): Promise<void> {
    const { spec, folder, parts } = this;
    // When the local Azure is started again, it says what became of the job.
    if (this.stopped.signal.aborted && this.told.status !== "CancelRequested") return;
    const wanted = this.told.status === "CancelRequested";
    if (!wanted) this.enter("Finalizing");
    await uploadOutputs(spec, folder, parts.blobs, folder.workingFolder ?? folder.code);
    if (wanted) return await this.end({ status: "Canceled" });
    if (this.timedOut)
      return await this.end({
        status: "Canceled",
        error: {
          code: "UserError",
          message: `The command took longer than limits.timeout, ${(spec.timeout ?? 0) / 1000} s, and was ended.`,
        },
      });
    if (exit === undefined || exit.stopped)
      throw new JobFailed(
        "SystemError",
        "The command was ended with the local Azure, and a command is not run a second time. Submit the job again, under another name.",
      );
    if (exit.code === 0) return await this.end({ status: "Completed" });
    const tail = new DeploymentLog(folder.printed).tail(ERROR_LINES);
    throw new JobFailed(
      "UserError",
      `Execution failed. The command exited with status code ${exit.code}. Please check log file 'user_logs/std_log.txt' for error details. It ended with:\n${tail}`,
    );
  }

  private enter(status: JobState["status"]): void {
    if (!this.stopped.signal.aborted) this.tell({ status });
  }

  private tell(change: Partial<JobState>): void {
    this.told = { ...this.told, ...change };
    this.folder.saveState(this.told);
  }

  private async end(how: Pick<JobState, "status" | "error">): Promise<void> {
    const { folder, parts, spec } = this;
    const why = how.error === undefined ? "" : `: ${how.error.message}`;
    folder.log.write(`the job is ${how.status}${why}`);
    await uploadTo(parts.blobs, spec.artifacts, folder.logs).catch((error: unknown) =>
      folder.log.write(`the log could not be kept: ${String(error)}`),
    );
    await this.tellRun(runStatusOf(how.status), Date.now());
    this.tell({ ...how, endTime: new Date().toISOString() });
    await folder.clear();
  }

  /** MLflow's side of the job's status; ARM's does not wait for a workspace that is gone. */
  private async tellRun(status: RunStatus, endTime?: number): Promise<void> {
    const { spec, folder, parts } = this;
    try {
      await parts.runs.tell(parts.workspaceOf(spec.id).id, lastName(spec.id), status, endTime);
    } catch (error) {
      folder.log.write(`the run could not be told that it is ${status}: ${(error as Error).message}`);
    }
  }
}
