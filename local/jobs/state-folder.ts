import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readIfThere, writeWhole } from "../files";
import type { JobState } from "./job-status";

/** A job's folder on disk, with how far the job is. */
export class StateFolder<State extends JobState> {
  constructor(readonly folder: string) {}

  get state(): State | undefined {
    const text = readIfThere(join(this.folder, "state.json"));
    return text === undefined ? undefined : (JSON.parse(text) as State);
  }

  saveState(state: State): void {
    writeWhole(join(this.folder, "state.json"), JSON.stringify(state));
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
