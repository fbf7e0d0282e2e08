import { lastName } from "../arm/path";
import type { Store } from "../arm/store";
import type { CommandJobSpec } from "../command-jobs/job";
import { commandInternal, commandOf, commandProperties } from "../command-jobs/job-resource";
import { commandJobSpec } from "../command-jobs/job-spec";
import type { SweepSpec, Trial } from "./sweep";
import { trialId, trialProperties } from "./trial";

const JOBS = "Microsoft.MachineLearningServices/workspaces/jobs";

/** A trial's job as ARM keeps it, made where there is none yet. @throws ArmError for what is gone meanwhile: environment, cluster, code */
export async function trialJob(store: Store, sweep: SweepSpec, trial: Trial): Promise<CommandJobSpec> {
  const id = trialId(sweep.id, trial.number);
  const existing = store.get(id);
  const known = existing && commandOf(existing);
  if (known !== undefined) return known;
  const properties = trialProperties(sweep, trial.number, trial.values);
  const parent = lastName(sweep.id);
  const root = sweep.rootRun ?? parent;
  const own = commandJobSpec(store, id, properties, sweep.owner);
  const tags = { ...own.tags, "mlflow.parentRunId": parent, "mlflow.rootRunId": root };
  const spec: CommandJobSpec = { ...own, tags, sweepId: sweep.id, rootRun: root };
  const now = new Date().toISOString();
  const { clientId } = sweep.owner;
  await store.put({
    id,
    body: {
      id,
      name: lastName(id),
      type: JOBS,
      properties: commandProperties(lastName(id), properties, spec),
      systemData: {
        createdAt: now,
        createdBy: clientId,
        createdByType: "Application",
        lastModifiedAt: now,
        lastModifiedBy: clientId,
        lastModifiedByType: "Application",
      },
    },
    internal: commandInternal(spec),
  });
  return spec;
}
