import type { dynamic } from "@pulumi/pulumi";
import { readBatchEndpoint } from "../batch-endpoint/write";
import { defaultOf } from "../batch-endpoint/merge";
import { computeProblem } from "../jobs/compute";
import { arm } from "../clients/arm";
import { resourceParts, workspaceIdOf } from "../clients/arm-id";
import { createBatchJobs } from "../clients/batch-jobs";
import { containerClient } from "../clients/blob";
import { clock } from "../clients/clock";
import { ProviderError } from "../clients/errors";
import { openRunHistory } from "../clients/run-history";
import { engineWatch } from "../generations/engine";
import { generationOf } from "../generations/generation";
import { asOnlyWriter } from "../generations/lease";
import { quickly } from "../generations/quickly";
import { batchServingProblem, servedProblem } from "../generations/served-model";
import { workspaceContainer } from "../generations/store";
import { changedKeys, checkFailures, present, say, withoutProvider } from "../inputs";
import { armId, integer, optional, rule, text, UNKNOWN, type Rules } from "../rules";
import { azureService, type AzureClients } from "./azure";
import { forecastOf, overdue } from "./forecast";
import type { BatchRolloutInputs, BatchRolloutOutputs } from "./inputs";
import { journalIn, NO_JOURNAL } from "./journal";
import { plan, planRemoval } from "./plan";
import { run, type Ending } from "./run";
import { openSample } from "./sample";
import type { Journal } from "./types";

const given = rule((value) => typeof value === "object" && value !== null, "an object");
const rules: Rules<BatchRolloutInputs> = {
  endpointId: armId("Microsoft.MachineLearningServices/workspaces/batchEndpoints"),
  prefix: text("text"),
  generation: optional(text("what this provider puts here")),
  deployment: given,
  proof: given,
  maxProofSeconds: integer(1, 1_000_000_000),
  retireAfterSeconds: integer(0, 1_000_000_000),
  keepGenerations: integer(0, 19),
  retry: optional(text("text", /^/)),
};

/**
 * Puts in the name of the generation, where model and configuration are known, and looks at the compute, and at the model of another generation.
 * Tags and description change in place; everything else of a deployment, of which Azure fixes some, makes another one.
 */
export async function check(
  olds: BatchRolloutInputs,
  news: BatchRolloutInputs,
): Promise<dynamic.CheckResult<BatchRolloutInputs>> {
  const inputs = withoutProvider(news);
  const failures = checkFailures(rules, inputs);
  if (failures.length > 0) return { inputs, failures };
  const generation = generationOf(inputs);
  const { endpointId, deployment } = inputs;
  const { model, ...scoring } = deployment.properties;
  const { compute: computeId, resources } = scoring;
  const [compute, problem] = await Promise.all([
    computeProblem(arm(), computeId, resources?.instanceCount, say),
    generation === olds.generation
      ? undefined
      : servedProblem(
          arm(),
          workspaceIdOf(endpointId),
          present({ ...scoring, model: model?.assetId }),
          batchServingProblem,
        ),
  ]);
  const wrong = [
    ...(compute === undefined ? [] : [{ property: "compute", reason: compute }]),
    ...(problem === undefined ? [] : [problem]),
  ];
  return {
    inputs: { ...inputs, generation },
    ...(wrong.length === 0 ? {} : { failures: wrong }),
  };
}

/** What has not come to its end goes on with the next `up`, even where nothing else changed. */
export async function diff(
  _id: string,
  olds: BatchRolloutOutputs,
  passed: BatchRolloutInputs,
): Promise<dynamic.DiffResult> {
  const news = withoutProvider(passed);
  const keys = Object.keys(rules) as (keyof BatchRolloutInputs)[];
  const replaces = changedKeys<BatchRolloutInputs>(olds, news, ["endpointId"]);
  const declared = olds.phase !== "Serving" || changedKeys<BatchRolloutInputs>(olds, news, keys).length > 0;
  const isNews = await tellOfEndpoint(olds, news);
  return { changes: declared || isNews, replaces, deleteBeforeReplace: false };
}

/** Says what `up` will do to the default. @returns whether there is something to do that the state doesn't know of */
async function tellOfEndpoint(was: BatchRolloutOutputs, declared: BatchRolloutInputs): Promise<boolean> {
  const { endpointId, generation = UNKNOWN } = declared;
  if (endpointId !== was.endpointId) return false;
  const { name } = resourceParts(endpointId);
  const live = await quickly(readBatchEndpoint(arm(), endpointId)).catch(() => undefined);
  const known: Journal = present({ ...NO_JOURNAL, serving: was.generation });
  const journal = live === undefined ? known : (journalIn(live.tags) ?? NO_JOURNAL);
  if (generation !== was.generation) {
    const wanted = generation === UNKNOWN ? undefined : generation;
    for (const line of forecastOf(was, declared, wanted, journal)) say(`${name}: ${line}`);
    return false;
  }
  if (live === undefined || journal.serving !== generation) return false;
  const current = defaultOf(live);
  const old = overdue(declared, journal, clock().now());
  const { moving } = journal;
  const news = [
    ...(current === generation
      ? []
      : [
          `the default was moved by hand to ${current ?? "none"}; \`up\` makes ${generation} the default again`,
        ]),
    ...(moving === undefined ? [] : [`${moving.generation} was left on its way; \`up\` gives it up`]),
    ...(old.length === 0 ? [] : [`${old.join(", ")} has been kept for its time; \`up\` deletes it`]),
  ];
  for (const line of news) say(`${name}: ${line}`);
  return news.length > 0;
}

export async function create(inputs: BatchRolloutInputs): Promise<dynamic.CreateResult<BatchRolloutOutputs>> {
  const { endpointId: id } = inputs;
  try {
    return { id, outs: await rollForward(inputs) };
  } catch (error) {
    // What is there already has to be known to `destroy`; the engine takes these properties as they are.
    const properties = { ...inputs, phase: "Advancing" };
    throw Object.assign(error as Error, { id, properties, reasons: [(error as Error).message] });
  }
}

export async function update(
  _id: string,
  _olds: BatchRolloutOutputs,
  news: BatchRolloutInputs,
): Promise<dynamic.UpdateResult<BatchRolloutOutputs>> {
  return { outs: await rollForward(news) };
}

export async function read(
  id: string,
  props?: BatchRolloutOutputs,
): Promise<dynamic.ReadResult<BatchRolloutOutputs>> {
  const there = await readBatchEndpoint(arm(), id);
  if (there === undefined || props === undefined) return { id: "" };
  const inputs: BatchRolloutInputs = present({ ...withoutProvider(props), phase: undefined });
  const isServing = journalIn(there.tags)?.serving === inputs.generation;
  const outs: BatchRolloutOutputs = { ...inputs, phase: isServing ? "Serving" : "Advancing" };
  return { id, props: outs, inputs: inputs as BatchRolloutOutputs };
}

export async function deleteResource(id: string, props: BatchRolloutOutputs): Promise<void> {
  if ((await readBatchEndpoint(arm(), id)) === undefined) return;
  const inputs = withoutProvider(props);
  const rollout = { ...inputs, generation: generationOf(inputs) };
  const ending = await asWriter(id, (mustHold) =>
    run(azureService(azure(), rollout, undefined, mustHold, say), planRemoval, say),
  );
  if (ending.kind === "fail")
    throw new ProviderError({ what: ending.reason, where: id, tryThis: "`pulumi destroy` again" });
}

export { deleteResource as delete };

async function rollForward(passed: BatchRolloutInputs): Promise<BatchRolloutOutputs> {
  const inputs = { ...withoutProvider(passed), generation: generationOf(withoutProvider(passed)) };
  const { endpointId, proof, generation } = inputs;
  const sample = await openSample(azure().stores, workspaceIdOf(endpointId), proof, say);
  const spec = { ...inputs, proof: sample.digest };
  const ending = await asWriter(endpointId, (mustHold) =>
    run(
      azureService(azure(), inputs, sample, mustHold, say),
      (observed, now) => plan(spec, observed, now),
      say,
    ),
  );
  if (ending.kind === "fail")
    throw new ProviderError({
      what: ending.reason,
      where: generation,
      tryThis: "another model or configuration, or this one with another `retry`",
    });
  return { ...inputs, phase: ending.phase };
}

function azure(): AzureClients {
  return {
    jobs: createBatchJobs(arm()),
    history: async (workspaceId) => await openRunHistory(arm(), workspaceId),
    stores: { arm: arm(), containerClient },
  };
}

async function asWriter(
  endpointId: string,
  work: (mustHold: () => void) => Promise<Ending>,
): Promise<Ending> {
  const container = await workspaceContainer(arm(), endpointId);
  return await asOnlyWriter(container, endpointId, say, work, engineWatch());
}

export { configure } from "../clients/sign-in-settings";
