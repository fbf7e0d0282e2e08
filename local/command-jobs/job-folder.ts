import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readIfThere, writeWhole } from "../files";
import { DeploymentLog } from "../scoring/deployment-log";
import type { JobState } from "../jobs/job-status";
import { StateFolder } from "../jobs/state-folder";
import { CommandProcess } from "./command-process";

/** A command job on disk: enough to go on with after the local Azure was killed. */
export class JobFolder extends StateFolder<JobState> {
  /** What goes to the run's artifacts while the job runs; its files are named as Azure ML names them. */
  readonly logs: string;
  /** What the command prints. */
  readonly printed: string;
  /** What the local Azure did with the job. */
  readonly log: DeploymentLog;
  readonly code: string;
  readonly outputs: string;
  readonly process: CommandProcess;

  constructor(folder: string) {
    super(folder);
    this.logs = join(folder, "logs");
    this.printed = join(this.logs, "user_logs", "std_log.txt");
    this.log = new DeploymentLog(join(this.logs, "system_logs", "local-azure.log"));
    this.code = join(folder, "code");
    this.outputs = join(folder, "outputs");
    this.process = new CommandProcess(join(folder, "process"));
  }

  /** Where an input's files are copied to. */
  input(name: string): string {
    return join(this.folder, "inputs", name);
  }

  make(): void {
    for (const folder of [this.logs, this.outputs]) mkdirSync(folder, { recursive: true });
  }

  /** The folder that the command runs in, once it is there. */
  get workingFolder(): string | undefined {
    return readIfThere(join(this.folder, "working-folder"));
  }

  saveWorkingFolder(folder: string): void {
    writeWhole(join(this.folder, "working-folder"), folder);
  }

  /** All but state and logs. */
  async clear(): Promise<void> {
    const spent = [this.code, this.outputs, join(this.folder, "inputs"), join(this.folder, "process")];
    await Promise.all(spent.map((folder) => rm(folder, { recursive: true, force: true })));
  }
}
