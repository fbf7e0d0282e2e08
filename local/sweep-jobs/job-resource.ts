import { objectAt } from "../arm/objects";
import type { Store, StoredResource } from "../arm/store";
import { commandOf } from "../command-jobs/job-resource";
import { resumeJobs } from "../jobs/job-table";
import type { JsonObject } from "../json";
import { bestTrial } from "./plan";
import type { SweepJobs, SweepSpec, SweepState } from "./sweep";
import { bestTags } from "./sweep-job";

/** What ARM keeps of a sweep job beside its body. */
export const sweepInternal = (spec: SweepSpec): JsonObject => ({ sweep: spec as unknown as JsonObject });

/** What the resource runs as a sweep; undefined for another job. */
export const sweepOf = ({ internal }: StoredResource): SweepSpec | undefined =>
  internal["sweep"] as unknown as SweepSpec | undefined;

/** The jobs of a sweep's trials. */
export function trialsOf(store: Store, sweepId: string): StoredResource[] {
  return store
    .list(`${sweepId}_`)
    .filter((resource) => commandOf(resource)?.sweepId?.toLowerCase() === sweepId.toLowerCase());
}

/** The body of a sweep's job with which trial is the best by now; that of another job as it is. */
export function withBest(
  resource: StoredResource,
  body: JsonObject,
  state: SweepState | undefined,
): JsonObject {
  const spec = sweepOf(resource);
  const best = spec && state && bestTrial(spec.goal, state.trials);
  if (spec === undefined || best === undefined) return body;
  const properties = objectAt(body, "properties");
  const told = { ...objectAt(properties, "properties"), ...bestTags(spec.id, best) };
  return { ...body, properties: { ...properties, properties: told } };
}

/** Goes on with the sweeps that were under way when the local Azure ended. */
export async function resumeSweeps(
  store: Store,
  sweeps: Pick<SweepJobs, "start" | "state">,
  log: (line: string) => void,
): Promise<void> {
  const specs = store.list("/subscriptions/").flatMap((resource) => sweepOf(resource) ?? []);
  await resumeJobs(specs, sweeps, "sweep", log);
}
