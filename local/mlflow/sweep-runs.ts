import { objectAt } from "../arm/objects";
import { lastName } from "../arm/path";
import type { Store } from "../arm/store";
import type { CommandJobs } from "../command-jobs/job";
import { commandOf } from "../command-jobs/job-resource";
import type { JsonObject } from "../json";
import { sweepOf, trialsOf, withBest } from "../sweep-jobs/job-resource";
import type { SweepJobs } from "../sweep-jobs/sweep";
import type { Artifacts } from "./artifacts";
import { commandRunDto } from "./command-runs";
import { jobRunDto, readUrls, type RunSource } from "./run-history";

/** What the run history of sweeps is told from. */
export interface SweepRuns {
  readonly store: Store;
  readonly artifacts: Artifacts;
  readonly sweeps: Pick<SweepJobs, "state">;
  readonly commands: Pick<CommandJobs, "state">;
}

/** Where a sweep's own log is. */
const LOGS = ["azureml-logs"];

/** The runs of sweeps; those of their trials are command jobs'. */
export function sweepRunSource({ store, artifacts, sweeps, commands }: SweepRuns): RunSource {
  return {
    find: (workspace, runId) => {
      const resource = store.get(`${workspace.id}/jobs/${runId}`);
      if (resource === undefined || sweepOf(resource) === undefined) return undefined;
      const state = sweeps.state(resource.id);
      const { properties } = objectAt(withBest(resource, resource.body, state), "properties");
      return {
        told: {
          ...jobRunDto(resource, state),
          runType: "azureml.HyperDrive",
          ...(properties === undefined ? {} : { properties }),
        },
        children: trialRunDtos(store, resource.id, commands),
        logFiles: async () => await readUrls(artifacts, workspace, lastName(resource.id), LOGS),
      };
    },
    resolve: () => undefined,
  };
}

/** The runs below a sweep. */
export function trialRunDtos(store: Store, sweepId: string, commands: SweepRuns["commands"]): JsonObject[] {
  return trialsOf(store, sweepId).flatMap((trial) => {
    const spec = commandOf(trial);
    return spec === undefined ? [] : [commandRunDto(trial, spec, commands)];
  });
}
