import { lastName } from "../arm/path";
import type { Store, StoredResource } from "../arm/store";
import type { CommandJobs, CommandJobSpec } from "../command-jobs/job";
import { commandOf } from "../command-jobs/job-resource";
import type { JsonObject } from "../json";
import type { Artifacts } from "./artifacts";
import { jobRunDto, outputAsset, readUrls, runOutput, type RunSource } from "./run-history";
import type { Workspace } from "./workspace";

/** What the run history of command jobs is told from. */
export interface CommandRuns {
  readonly store: Store;
  readonly artifacts: Artifacts;
  readonly jobs: Pick<CommandJobs, "state">;
}

/** Where a run's own log files are, as Azure ML's common runtime names them. */
const LOGS = ["user_logs", "system_logs"];

/** The runs of command jobs. */
export function commandRunSource({ store, artifacts, jobs }: CommandRuns): RunSource {
  const jobOf = (
    workspace: Workspace,
    name: string,
  ): { readonly resource: StoredResource; readonly spec: CommandJobSpec } | undefined => {
    const resource = store.get(`${workspace.id}/jobs/${name}`);
    const spec = resource && commandOf(resource);
    return resource === undefined || spec === undefined ? undefined : { resource, spec };
  };
  return {
    find: (workspace, runId) => {
      const job = jobOf(workspace, runId);
      if (job === undefined) return undefined;
      return {
        told: commandRunDto(job.resource, job.spec, jobs),
        children: [],
        logFiles: async () => await readUrls(artifacts, workspace, lastName(job.spec.id), LOGS),
      };
    },
    resolve: (workspace, assetId) => {
      const { run = "", output = "" } = runOutput(assetId) ?? {};
      const found = jobOf(workspace, run)?.spec.outputs[output];
      return found && { uri: found.uri, type: "uri_folder" };
    },
  };
}

/** What run history tells of a command job's run. */
export function commandRunDto(
  resource: StoredResource,
  spec: CommandJobSpec,
  jobs: Pick<CommandJobs, "state">,
): JsonObject {
  const name = lastName(spec.id);
  const outputs = Object.keys(spec.outputs).map(
    (output) => [output, { assetId: outputAsset(name, output), type: "uri_folder" }] as const,
  );
  const sweep = spec.sweepId && lastName(spec.sweepId);
  return {
    ...jobRunDto(resource, jobs.state(spec.id)),
    rootRunId: sweep ?? name,
    ...(sweep === undefined ? {} : { parentRunId: sweep }),
    target: spec.clusterId === undefined ? "serverless" : lastName(spec.clusterId),
    outputs: Object.fromEntries(outputs),
  };
}
