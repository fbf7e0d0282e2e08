import { defaultOf, withDefault, writable } from "../batch-endpoint/merge";
import { readBatchEndpoint, rewriteBatchEndpoint } from "../batch-endpoint/write";
import { failedJob, jobFailure } from "../jobs/failure";
import { filesAt, linesOf, type Stores } from "../jobs/score";
import { datastoreUri } from "../assets/upload";
import { ML_API_VERSION } from "../clients/arm";
import { ArmError } from "../clients/arm-error";
import { workspaceIdOf } from "../clients/arm-id";
import { jobIdOf, type BatchJobs } from "../clients/batch-jobs";
import { clock } from "../clients/clock";
import { deadlineIn } from "../clients/deadline";
import { ProviderError } from "../clients/errors";
import { hasEnded } from "../clients/jobs";
import type { RunHistory } from "../clients/run-history";
import { OPERATION_MINUTES, putDeployment, removeDeployment, stateOf } from "../generations/deployments";
import { GENERATION_TAG } from "../generations/generation";
import { withJournal } from "../generations/journal-tags";
import { present } from "../inputs";
import { unexpectedLines } from "./expectation";
import { journalIn } from "./journal";
import type { Service } from "./run";
import type { Proof, Sample } from "./sample";
import type { Observed, ObservedDeployment } from "./types";

/** A batch deployment as ARM takes it. */
export interface BatchDeploymentBody {
  readonly location: string;
  readonly properties: Readonly<Record<string, unknown>> & {
    readonly description?: string;
    readonly compute?: string;
    readonly model?: { readonly assetId?: string };
    readonly resources?: { readonly instanceCount?: number };
  };
  readonly tags?: Readonly<Record<string, string>>;
}

export interface AzureBatchRollout {
  readonly endpointId: string;
  readonly generation: string;
  readonly deployment: BatchDeploymentBody;
  readonly proof: Proof;
}

type LiveDeployment = BatchDeploymentBody & {
  readonly name: string;
  readonly properties: { readonly provisioningState: string };
};

/** How Azure is reached. */
export interface AzureClients {
  readonly jobs: BatchJobs;
  readonly history: (workspaceId: string) => Promise<RunHistory>;
  readonly stores: Stores;
}

/**
 * The batch endpoint in Azure, as a run needs it.
 *
 * @param mustHold throws when this is not the endpoint's only writer any more
 * @param sample undefined where nothing is proven
 */
export function azureService(
  { jobs, history, stores }: AzureClients,
  { endpointId, generation, deployment, proof }: AzureBatchRollout,
  sample: Sample | undefined,
  mustHold: () => void,
  say: (line: string) => void,
): Service {
  const { arm } = stores;
  const workspaceId = workspaceIdOf(endpointId);
  const idOf = (name: string): string => `${endpointId}/deployments/${name}`;
  const outputUri = (job: string): string => datastoreUri(workspaceId, `pulumi-azureml/proofs/${job}`);
  const time = clock();
  const tags = { ...deployment.tags, [GENERATION_TAG]: generation };

  function observedOf({ name, tags: live = {}, properties }: LiveDeployment): ObservedDeployment {
    const observed = { state: stateOf(properties.provisioningState), ours: GENERATION_TAG in live };
    if (name !== generation) return observed;
    const outdated =
      Object.entries(tags).some(([key, value]) => live[key] !== value) ||
      (properties.description ?? "") !== (deployment.properties.description ?? "");
    return { ...observed, outdated };
  }

  async function jobOf(name: string | undefined): Promise<Pick<Observed, "job" | "jobStatus">> {
    if (name === undefined) return {};
    const job = await jobs.read(jobIdOf(endpointId, name));
    if (job === undefined) return { job: "missing" };
    return { job: hasEnded(job) ? "ended" : "running", jobStatus: job.status };
  }

  return {
    now: time.now,
    sleep: time.sleep,
    async observe() {
      mustHold();
      const endpoint = await readBatchEndpoint(arm, endpointId);
      if (endpoint === undefined)
        throw new ProviderError({
          what: "this endpoint is gone",
          where: endpointId,
          tryThis: "`pulumi refresh`, then `pulumi up`",
        });
      const deployments = await arm.list<LiveDeployment>(`${endpointId}/deployments`, {
        apiVersion: ML_API_VERSION,
      });
      const journal = journalIn(endpoint.tags);
      return present({
        defaultDeployment: defaultOf(endpoint),
        deployments: Object.fromEntries(deployments.map((one) => [one.name, observedOf(one)])),
        journal,
        ...(await jobOf(journal?.moving?.job?.name)),
      });
    },
    async write(defaultDeployment, journal) {
      const there = await rewriteBatchEndpoint(
        arm,
        endpointId,
        (live) => {
          // Before each try: a busy endpoint may take longer than the lease.
          mustHold();
          const body = writable(live);
          return { ...withDefault(body, defaultDeployment), tags: withJournal(body.tags ?? {}, journal) };
        },
        deadlineIn(OPERATION_MINUTES),
        say,
      );
      if (!there) throw new ProviderError({ what: "this endpoint is gone", where: endpointId });
    },
    async deploy(name) {
      return await putDeployment(arm, idOf(name), { ...deployment, tags }, mustHold);
    },
    async remove(name) {
      await removeDeployment(arm, idOf(name), mustHold);
    },
    async submit(name, job) {
      if (sample === undefined) throw new Error("there is no sample");
      const input = await sample.place();
      mustHold();
      try {
        await jobs.submit(endpointId, { name: job, deployment: name, input, outputUri: outputUri(job) });
        return undefined;
      } catch (error) {
        // Anything else is about who asks, or about Azure, and not about the generation.
        if (error instanceof ArmError && (error.status === 400 || error.status === 422)) return error.message;
        throw error;
      }
    },
    async cancel(job) {
      await jobs.cancel(jobIdOf(endpointId, job));
    },
    async check(name) {
      const job = await jobs.read(jobIdOf(endpointId, name));
      if (job === undefined) return `job ${name} is gone`;
      if (job.status !== "Completed") {
        const failure = await jobFailure(await history(workspaceId), name);
        return failedJob(job, failure).message;
      }
      const { outputFileName, separator } = proof;
      if (outputFileName === undefined) return undefined;
      const files = await filesAt(stores, workspaceId, outputUri(name));
      const file = files.find(({ path }) => path === outputFileName);
      return file === undefined
        ? `the output of job ${name} has no file ${outputFileName}`
        : await unexpectedLines(linesOf(file), separator, proof);
    },
  };
}
