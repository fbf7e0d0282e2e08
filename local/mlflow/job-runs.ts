import { join } from "node:path";
import execa from "execa";
import type { Dispatcher } from "undici";
import { packageRoot, python } from "../../tools/paths";
import type { MlflowServers } from "./server";

const maker = join(packageRoot(), "local", "mlflow", "make_run.py");

/** A run that a job tracks in: its id is the job's name. */
export interface JobRun {
  /** ARM id. */
  readonly workspaceId: string;
  readonly id: string;
  readonly experiment: string;
  readonly name: string;
  /** Client id of whoever put the job. */
  readonly user: string;
  /** Milliseconds since 1970. */
  readonly startTime: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** A run's status, as MLflow has it. */
export type RunStatus = "RUNNING" | "FINISHED" | "FAILED" | "KILLED";

const OF_JOBS: Readonly<Record<string, RunStatus>> = { Completed: "FINISHED", Canceled: "KILLED" };

/** What a run is whose job has ended with ARM's status. */
export const runStatusOf = (jobStatus: string): RunStatus => OF_JOBS[jobStatus] ?? "FAILED";

/** The runs of jobs in the workspaces' MLflow servers. */
export interface JobRuns {
  /** Makes it where it isn't there. @returns its experiment's id */
  make(run: JobRun): Promise<string>;
  /** @param endTime milliseconds since 1970; undefined for a run that goes on */
  tell(workspaceId: string, runId: string, status: RunStatus, endTime?: number): Promise<void>;
  tag(workspaceId: string, runId: string, tags: Readonly<Record<string, string>>): Promise<void>;
  /** Every value of a metric that is a number, in the order in which it was logged. */
  metricHistory(workspaceId: string, runId: string, metric: string): Promise<readonly number[]>;
  delete(workspaceId: string, runId: string): Promise<void>;
}

interface Logged {
  readonly value: number | string;
  readonly step: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

interface Experiment {
  readonly experiment_id: string;
  readonly artifact_location: string;
  readonly lifecycle_stage: string;
}

export function createJobRuns(servers: MlflowServers): JobRuns {
  return {
    make: async ({ workspaceId, id, experiment: named, name, user, startTime, tags }) => {
      const server = await connected(servers, workspaceId);
      const experiment = await experimentOf(server, named);
      const run = {
        database: servers.database(workspaceId),
        id,
        experiment_id: Number(experiment.experiment_id),
        artifact_uri: `${experiment.artifact_location}/${id}/artifacts`,
        name,
        user,
        start_time: startTime,
        tags: {
          ...tags,
          "mlflow.runName": name,
          "mlflow.user": user,
          "mlflow.source.type": "JOB",
        },
      };
      await execa(python, [maker], { input: JSON.stringify(run) });
      return experiment.experiment_id;
    },
    tell: async (workspaceId, run_id, status, end_time) => {
      const server = await connected(servers, workspaceId);
      await call(server, "POST", "runs/update", {
        run_id,
        status,
        ...(end_time !== undefined && { end_time }),
      });
    },
    tag: async (workspaceId, run_id, tags) => {
      const server = await connected(servers, workspaceId);
      for (const [key, value] of Object.entries(tags))
        await call(server, "POST", "runs/set-tag", { run_id, key, value });
    },
    metricHistory: async (workspaceId, run_id, metric_key) => {
      const server = await connected(servers, workspaceId);
      const query = new URLSearchParams({ run_id, metric_key });
      const { metrics = [] } = await call<{ metrics?: Logged[] }>(
        server,
        "GET",
        `metrics/get-history?${query.toString()}`,
      );
      return [...metrics]
        .sort((one, other) => one.timestamp - other.timestamp || one.step - other.step)
        .map(({ value }) => Number(value))
        .filter(Number.isFinite);
    },
    delete: async (workspaceId, run_id) => {
      const server = await connected(servers, workspaceId);
      await call(server, "POST", "runs/delete", { run_id });
    },
  };
}

async function connected(servers: MlflowServers, workspaceId: string): Promise<Dispatcher> {
  const server = await servers.connect(workspaceId);
  if (server === undefined) throw new Error(`The workspace ${workspaceId} has no MLflow server yet.`);
  return server;
}

async function experimentOf(server: Dispatcher, name: string): Promise<Experiment> {
  const found = await byName(server, name);
  if (found === undefined) {
    // Somebody else may be the first to make it.
    await call(server, "POST", "experiments/create", { name }).catch(() => undefined);
    const made = await byName(server, name);
    if (made !== undefined) return made;
    throw new Error(`The experiment '${name}' could not be made.`);
  }
  const { experiment_id, lifecycle_stage } = found;
  if (lifecycle_stage === "deleted") await call(server, "POST", "experiments/restore", { experiment_id });
  return found;
}

async function byName(server: Dispatcher, name: string): Promise<Experiment | undefined> {
  const path = `experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`;
  const answer = await call<{ experiment: Experiment }>(server, "GET", path).catch(() => undefined);
  return answer?.experiment;
}

async function call<T>(server: Dispatcher, method: "GET" | "POST", path: string, body?: object): Promise<T> {
  const answer = await server.request({
    method,
    path: `/api/2.0/mlflow/${path}`,
    headers: { "content-type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 200)
    throw new Error(`MLflow's server answered ${answer.statusCode} to ${path}: ${text}`);
  return JSON.parse(text) as T;
}
