import { lastName } from "../arm/path";
import { folderOfId } from "../files";
import type { JobRuns } from "../mlflow/job-runs";
import type { Workspace } from "../mlflow/workspace";
import { hasEnded, type JobState } from "./job-status";
import type { StateFolder } from "./state-folder";

/** A job in this process. */
export interface TableJob<State extends JobState> {
  readonly state: State;
  start(): Promise<void>;
  ended(): Promise<void>;
  cancel(): Promise<void>;
  suspend(): Promise<void>;
}

/** What is told of each kind of job. */
export interface TableOptions<
  Spec extends { readonly id: string },
  State extends JobState,
  Folder extends StateFolder<State>,
> {
  /** Where the folders of all its jobs are. */
  readonly place: string;
  readonly open: (folder: string) => Folder;
  readonly make: (spec: Spec, folder: Folder) => TableJob<State>;
  readonly runs: Pick<JobRuns, "delete">;
  /** The workspace of a job's ARM id. */
  readonly workspaceOf: (jobId: string) => Workspace;
}

/** The jobs of one kind: those of this process, and those on disk. Job ids are taken without regard to case. */
export interface JobTable<Spec, State, Folder> {
  /** A job that has ended, or is there already, is left alone. */
  start(spec: Spec): Promise<void>;
  cancel(jobId: string): Promise<void>;
  state(jobId: string): State | undefined;
  ended(jobId: string): Promise<void>;
  /** Takes away what there is of a job that does not run any more, its run too. */
  forget(jobId: string): Promise<void>;
  folderOf(jobId: string): Folder;
  close(): Promise<void>;
}

export function createJobTable<
  Spec extends { readonly id: string },
  State extends JobState,
  Folder extends StateFolder<State>,
>({
  place,
  open,
  make,
  runs,
  workspaceOf,
}: TableOptions<Spec, State, Folder>): JobTable<Spec, State, Folder> {
  const jobs = new Map<string, TableJob<State>>();
  const find = (jobId: string): TableJob<State> | undefined => jobs.get(jobId.toLowerCase());
  const folderOf = (jobId: string): Folder => open(folderOfId(place, jobId.toLowerCase()));
  const state = (jobId: string): State | undefined => find(jobId)?.state ?? folderOf(jobId).state;
  return {
    start: async (spec) => {
      const id = spec.id.toLowerCase();
      if (jobs.has(id) || state(id)?.endTime !== undefined) return;
      const job = make(spec, folderOf(id));
      jobs.set(id, job);
      await job.start().catch((error: unknown) => {
        jobs.delete(id);
        throw error;
      });
    },
    cancel: async (jobId) => {
      if (state(jobId)?.endTime === undefined) await find(jobId)?.cancel();
    },
    state,
    ended: async (jobId) => await find(jobId)?.ended(),
    forget: async (jobId) => {
      jobs.delete(jobId.toLowerCase());
      await folderOf(jobId).remove();
      // With its workspace, the run is gone already.
      const deleting = async (): Promise<void> => await runs.delete(workspaceOf(jobId).id, lastName(jobId));
      await deleting().catch(() => undefined);
    },
    folderOf,
    close: async () => {
      await Promise.all([...jobs.values()].map((job) => job.suspend()));
      jobs.clear();
    },
  };
}

/** Goes on with those of the jobs, in their order, that were under way when the local Azure ended. @param what as in "the `what` ID could not go on" */
export async function resumeJobs<Spec extends { readonly id: string }>(
  specs: readonly Spec[],
  jobs: { start(spec: Spec): Promise<void>; state(jobId: string): JobState | undefined },
  what: string,
  log: (line: string) => void,
): Promise<void> {
  const left = specs.filter(({ id }) => !hasEnded(jobs.state(id)?.status ?? ""));
  const starts = left.map((spec) =>
    jobs
      .start(spec)
      .catch((error: unknown) => log(`the ${what} ${spec.id} could not go on: ${String(error)}`)),
  );
  await Promise.all(starts);
}
