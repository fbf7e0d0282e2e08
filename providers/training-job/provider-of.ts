import type { dynamic } from "@pulumi/pulumi";
import { arm } from "../clients/arm";
import { containerClient } from "../clients/blob";
import { ProviderError } from "../clients/errors";
import { createJobs, hasEnded } from "../clients/jobs";
import { openRunHistory } from "../clients/run-history";
import { changedKeys, present, say, withoutProvider } from "../inputs";
import { computeProblem } from "../jobs/compute";
import { readChildRuns, readRun } from "../lineage/run";
import { UNKNOWN } from "../rules";
import { digestOfInputs } from "./identity";
import { describeJob, jobOf, readJob, type LiveTrainingJob } from "./job";
import type { Machines, TrainingClients, TrainingKind } from "./kind";
import { ended, run } from "./run";
import type { JobInputs, Told } from "./types";

/** What changes in the job itself; Azure fixes its display name. */
const WORDS = ["description", "tags"] as const;
/** What is of this command, and not of the job. */
const OWN = ["wait", "deadlineSeconds", "onDestroy"] as const;

/** What a dynamic resource of a kind of training does. */
export interface TrainingProvider<Inputs extends JobInputs, Outputs extends Inputs & Told> {
  check(olds: Partial<Inputs>, news: Inputs): Promise<dynamic.CheckResult<Inputs>>;
  diff(id: string, olds: Outputs, news: Inputs): Promise<dynamic.DiffResult>;
  create(passed: Inputs): Promise<dynamic.CreateResult<Outputs>>;
  read(id: string, props?: Outputs): Promise<dynamic.ReadResult<Outputs>>;
  update(id: string, olds: Outputs, news: Inputs): Promise<dynamic.UpdateResult<Outputs>>;
  delete(id: string, props: Outputs): Promise<void>;
}

function clients(): TrainingClients {
  const azure = arm();
  return {
    arm: azure,
    containerClient,
    jobs: createJobs(azure),
    history: async (workspaceId) => await openRunHistory(azure, workspaceId),
    run: async (workspaceId, runId) => await readRun(azure, workspaceId, runId),
    childRuns: async (workspaceId, runId) => await readChildRuns(azure, workspaceId, runId),
    say,
  };
}

export function trainingProvider<Inputs extends JobInputs, Result extends Told>(
  kind: TrainingKind<Inputs, Result>,
): TrainingProvider<Inputs, Inputs & Result> {
  const resultIn = (outs: Inputs & Result): Result =>
    Object.fromEntries(kind.results.map((key) => [key, outs[key]])) as unknown as Result;

  return {
    /** Puts in what the inputs are, so that the preview already knows whether there will be another run, and looks whether there is a machine for it. */
    async check(olds, news) {
      const inputs = withoutProvider(news);
      try {
        const inputsDigest = JSON.stringify(inputs.inputs ?? {}).includes(UNKNOWN)
          ? UNKNOWN
          : await digestOfInputs(inputs.inputs);
        const known = { ...inputs, inputsDigest };
        if (changedKeys<Partial<Inputs>>(olds, known, kind.decisive).length === 0) return { inputs: known };
        const failures = await Promise.all(
          machinesOf(kind, known).map(async ({ property, computeId, instanceCount = 1 }) => {
            const reason = await computeProblem(arm(), computeId, instanceCount, say);
            return reason === undefined ? [] : [{ property, reason }];
          }),
        );
        return { inputs: known, ...(failures.flat().length === 0 ? {} : { failures: failures.flat() }) };
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        return { inputs, failures: [{ property: "inputs", reason: error.message }] };
      }
    },

    /** What decides what is learned makes another run; the last one's job goes as `onDestroy` says. */
    async diff(_id, olds, news) {
      const replaces = changedKeys<Inputs>(olds, news, kind.decisive);
      const updates = changedKeys<Inputs>(olds, news, [...WORDS, ...OWN, ...kind.next]);
      return { changes: replaces.length + updates.length > 0, replaces, deleteBeforeReplace: false };
    },

    async create(passed) {
      return await run(kind, clients(), withoutProvider(passed));
    },

    /** Shows how far the job is, what it has told, and other words of it; tags that others added are theirs. */
    async read(id, props) {
      const all = clients();
      const live = await readJob(all.arm, id);
      if (live === undefined || props === undefined) return { id: "" };
      const outs = withoutProvider(props);
      const seen = { ...outs, ...wordsIn(outs, live.properties) };
      const result =
        live.properties.status === outs.status ? resultIn(seen) : await kind.told(all, seen, live);
      const inputs = Object.fromEntries(
        Object.entries(seen).filter(([key]) => !(kind.results as readonly string[]).includes(key)),
      ) as unknown as Inputs;
      return { id, props: present({ ...inputs, ...result }), inputs: present(inputs) as Inputs & Result };
    },

    /** Changes the job's words, and waits now, where it has not ended. */
    async update(id, olds, news) {
      const all = clients();
      const inputs = withoutProvider(news);
      if (changedKeys<Inputs>(olds, inputs, WORDS).length > 0) await describeJob(all.arm, id, olds, inputs);
      const next = changedKeys<Inputs>(olds, inputs, kind.next);
      if (next.length > 0)
        say(`${kind.word} ${olds.runId} stays as it is: ${next.join(", ")} count from the next run on`);
      const outs = { ...inputs, ...resultIn(olds) };
      if (hasEnded(olds)) return { outs };
      const live = await readJob(all.arm, id);
      return { outs: live === undefined ? outs : await ended(kind, all, inputs, jobOf(live)) };
    },

    /** What the run has made and told stays in any case. */
    async delete(id, props) {
      if (props.onDestroy === "cancel") await clients().jobs.cancel(id);
    },
  };
}

function machinesOf<Inputs extends JobInputs, Result extends Told>(
  kind: TrainingKind<Inputs, Result>,
  inputs: Inputs,
): readonly Machines[] {
  return kind.machines?.(inputs) ?? [{ property: "computeId", ...pick(inputs) }];
}

function pick({ computeId, instanceCount }: JobInputs): Pick<Machines, "computeId" | "instanceCount"> {
  return { computeId, instanceCount };
}

/** The job's words as far as the program declares them. */
function wordsIn(
  declared: JobInputs,
  { description, tags }: LiveTrainingJob["properties"],
): Pick<JobInputs, (typeof WORDS)[number]> {
  const own = Object.entries(tags ?? {}).filter(([key]) => key in (declared.tags ?? {}));
  return present({
    description: description || undefined,
    tags: declared.tags && Object.fromEntries(own),
  }) as Pick<JobInputs, (typeof WORDS)[number]>;
}
