import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { uploadTo, type BlobPlace, type JobBlobs } from "../jobs/blob-place";

const EVERY = 1_000;
/** What is much takes long to put: it is put less often then. */
const SHARE = 5;

/** A folder whose files become a run's artifacts. */
export interface ArtifactFolder {
  readonly folder: string;
  readonly place: BlobPlace;
}

/** Keeps a run's artifacts at what a job has printed and written, while it runs. */
export class ArtifactUpload {
  private over = false;
  private readonly ended: Promise<void>;
  private readonly wake = new AbortController();
  /** The files as they were put. */
  private readonly put = new Map<string, string>();

  constructor(
    private readonly blobs: JobBlobs,
    private readonly folders: readonly ArtifactFolder[],
  ) {
    this.ended = this.follow();
  }

  /** What was written since the last time is left to whoever keeps the whole. */
  async stop(): Promise<void> {
    this.over = true;
    this.wake.abort();
    await this.ended;
  }

  private async follow(): Promise<void> {
    let pause = EVERY;
    while (!this.over) {
      await sleep(pause, undefined, { signal: this.wake.signal }).catch(() => undefined);
      const begun = performance.now();
      for (const { folder, place } of this.folders) {
        if (this.over || !existsSync(folder)) continue;
        // What fails now is put the next time, or at the end.
        await uploadTo(this.blobs, place, folder, this.put).catch(() => undefined);
      }
      pause = Math.max(EVERY, SHARE * (performance.now() - begun));
    }
  }
}
