import { join } from "node:path";
import { StateFolder } from "../jobs/state-folder";
import { DeploymentLog } from "../scoring/deployment-log";
import type { PipelineState } from "./job";

/** A pipeline job on disk: enough to go on with after the local Azure was killed. */
export class PipelineFolder extends StateFolder<PipelineState> {
  /** What the local Azure did with the job. */
  readonly log: DeploymentLog;

  constructor(folder: string) {
    super(folder);
    this.log = new DeploymentLog(join(folder, "log.txt"));
  }
}
