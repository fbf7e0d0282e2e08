import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { StateFolder } from "../jobs/state-folder";
import { DeploymentLog } from "../scoring/deployment-log";
import type { SweepState } from "./sweep";

/** A sweep on disk: enough to go on with after the local Azure was killed. */
export class SweepFolder extends StateFolder<SweepState> {
  /** What goes to the run's artifacts; its file is named as Azure ML names it. */
  readonly logs: string;
  /** What azure-ai-ml streams. */
  readonly printed: string;
  readonly log: DeploymentLog;

  constructor(folder: string) {
    super(folder);
    this.logs = join(folder, "logs");
    this.printed = join(this.logs, "azureml-logs", "hyperdrive.txt");
    this.log = new DeploymentLog(this.printed);
  }

  make(): void {
    mkdirSync(this.logs, { recursive: true });
  }
}
