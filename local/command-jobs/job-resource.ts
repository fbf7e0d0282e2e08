import { objectAt } from "../arm/objects";
import type { Store, StoredResource } from "../arm/store";
import { jobProperties, withoutOwnOutput } from "../jobs/job-properties";
import { resumeJobs } from "../jobs/job-table";
import type { JsonObject } from "../json";
import type { CommandJobs, CommandJobSpec } from "./job";

/** What ARM keeps of a command job beside its body. */
export const commandInternal = (spec: CommandJobSpec): JsonObject => ({
  command: spec as unknown as JsonObject,
});

/** A command job's properties as ARM shows them, with where its outputs will be. */
export function commandProperties(name: string, wanted: JsonObject, spec: CommandJobSpec): JsonObject {
  const made = withoutOwnOutput(jobProperties(name, wanted));
  const outputs = Object.entries(objectAt(made, "outputs")).map(([output, declared]) => {
    const uri = spec.outputs[output]?.uri;
    return [output, uri === undefined ? declared : { ...(declared as JsonObject), uri }] as const;
  });
  return { ...made, outputs: Object.fromEntries(outputs) };
}

/** What the resource runs as a command job; undefined for another job. */
export const commandOf = ({ internal }: StoredResource): CommandJobSpec | undefined =>
  internal["command"] as unknown as CommandJobSpec | undefined;

/** Goes on with the jobs that were under way when the local Azure ended. */
export async function resumeCommandJobs(
  store: Store,
  jobs: Pick<CommandJobs, "start" | "state">,
  log: (line: string) => void,
): Promise<void> {
  const found = store
    .list("/subscriptions/")
    .flatMap((resource) => {
      const spec = commandOf(resource);
      if (spec === undefined) return [];
      const status = jobs.state(spec.id)?.status ?? "NotStarted";
      const waits = status === "NotStarted" || status === "Queued";
      return [{ spec, waits, created: String(objectAt(resource.body, "systemData")["createdAt"]) }];
    })
    // Those that have nodes keep them; the others wait in the order in which they came.
    .sort(
      (one, other) => Number(one.waits) - Number(other.waits) || one.created.localeCompare(other.created),
    );
  const specs = found.map(({ spec }) => spec);
  await resumeJobs(specs, jobs, "job", log);
}
