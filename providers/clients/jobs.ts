import { ML_API_VERSION, type Arm } from "./arm";
import { ArmError } from "./arm-error";

const request = { apiVersion: ML_API_VERSION };

/** A job as ARM shows it. */
export interface Job {
  /** ARM id. */
  readonly id: string;
  readonly name: string;
  /** ARM's word: `Queued`, `Running`, `Completed`, … */
  readonly status: string;
}

/** A workspace's jobs, of whatever kind. */
export interface Jobs {
  /** @returns undefined where there is none. @throws ArmError */
  read(jobId: string): Promise<Job | undefined>;
  /** A job that has ended, or is gone, stays as it is. @throws ArmError */
  cancel(jobId: string): Promise<void>;
}

/** The part of ARM's answer that says how far a job is. */
export interface LiveJob {
  readonly id: string;
  readonly name: string;
  readonly properties: { readonly status: string };
}

/** Whether nothing more becomes of a job. */
export function hasEnded({ status }: Pick<Job, "status">): boolean {
  return ["Completed", "Failed", "Canceled"].includes(status);
}

export function createJobs(arm: Arm): Jobs {
  async function read(jobId: string): Promise<Job | undefined> {
    const job = await arm.read<LiveJob>(jobId, request);
    return job && { id: job.id, name: job.name, status: job.properties.status };
  }

  return {
    read,
    async cancel(jobId) {
      const job = await read(jobId);
      if (job === undefined || hasEnded(job)) return;
      try {
        await arm.post(`${jobId}/cancel`, request);
      } catch (error) {
        // It has ended in the meantime.
        const after = error instanceof ArmError ? await read(jobId) : undefined;
        if (after === undefined || !hasEnded(after)) throw error;
      }
    },
  };
}
