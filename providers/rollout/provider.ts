import type { dynamic } from "@pulumi/pulumi";
import type { AutoscaleSpec } from "../autoscale/body";
import { arm } from "../clients/arm";
import { workspaceIdOf } from "../clients/arm-id";
import { ProviderError } from "../clients/errors";
import { changedKeys, checkFailures, present, say, withoutProvider } from "../inputs";
import { readEndpoint } from "../online-endpoint/write";
import { armId, integer, listOf, oneOf, optional, rule, text, UNKNOWN, type Rules } from "../rules";
import { azureService, type DeploymentBody } from "./azure";
import type { Check } from "./check";
import type { Gate } from "./gates";
import { engineWatch } from "../generations/engine";
import { generationOf } from "../generations/generation";
import { servedProblem } from "../generations/served-model";
import { glimpseOf, isOffCourse } from "./off-course";
import { dropAlias } from "./move-alias";
import { notifierOf, type Notify } from "./notify";
import { phaseOf } from "./phase";
import { plan, planRemoval } from "./plan";
import { sayForecast } from "./preview";
import type { Replay } from "./replay";
import { run, type Ending } from "./run";
import type { RunMetric } from "./run-metrics";
import { seenAutoscale } from "./scaling";
import { readSettings } from "./settings";
import type { SmokeRequest } from "./smoke";
import { saveSpec } from "./spec";
import type { Judgement, Phase, RolloutSpec, Step, Traffic } from "./types";
import { asWriter, type Writing } from "./writer";

export interface RolloutInputs {
  /** ARM id of the endpoint. */
  readonly endpointId: string;
  /** What the names of the generations begin with. */
  readonly prefix: string;
  /** What `check` puts here: the name of the wanted generation. */
  readonly generation?: string;
  readonly deployment: DeploymentBody;
  /** Of the generation that serves. */
  readonly autoscale?: AutoscaleSpec;
  readonly steps: readonly Step[];
  readonly smokeRequests: readonly SmokeRequest[];
  readonly gates: readonly Gate[];
  readonly minRequests: number;
  readonly judgement: Omit<Judgement, "delaySeconds" | "replays">;
  readonly check?: Check;
  readonly runMetrics?: readonly RunMetric[];
  readonly replay?: Replay;
  readonly alias?: string;
  readonly notify?: Notify;
  readonly retireAfterSeconds: number;
  readonly keepGenerations: number;
  readonly maxHoldSeconds: number;
  readonly foreignTraffic: "keep" | "take";
  readonly onDrift: "putBack" | "adopt";
  readonly promote?: string;
  readonly abort?: string;
  readonly retry?: string;
}

export interface RolloutOutputs extends RolloutInputs {
  readonly phase: Phase;
  /** The live map when `up` or `refresh` last saw it. */
  readonly traffic?: Traffic;
}

/** Seconds: the rest of the minute that a step ends in, and the three that Azure Monitor takes for it at most. */
const METRICS_DELAY = 240;

const given = rule((value) => typeof value === "object" && value !== null, "an object");
const rules: Rules<RolloutInputs> = {
  endpointId: armId("Microsoft.MachineLearningServices/workspaces/onlineEndpoints"),
  prefix: text("text"),
  generation: optional(text("what this provider puts here")),
  deployment: given,
  autoscale: optional(given),
  steps: listOf(given, { least: 1 }),
  smokeRequests: listOf(given),
  gates: listOf(given),
  minRequests: integer(0, 1_000_000_000),
  judgement: given,
  check: optional(given),
  runMetrics: optional(listOf(given)),
  alias: optional(text("text")),
  notify: optional(given),
  replay: optional(given),
  retireAfterSeconds: integer(0, 1_000_000_000),
  keepGenerations: integer(0, 19),
  maxHoldSeconds: integer(0, 1_000_000_000),
  foreignTraffic: oneOf("keep", "take"),
  onDrift: oneOf("putBack", "adopt"),
  promote: optional(text("text", /^/)),
  abort: optional(text("text", /^/)),
  retry: optional(text("text", /^/)),
};

/**
 * Puts in the name of the generation, where model and configuration are known, and looks at the model of another one. Instances, tags and
 * description change in place; everything else of a deployment makes another generation.
 */
export async function check(
  olds: RolloutInputs,
  news: RolloutInputs,
): Promise<dynamic.CheckResult<RolloutInputs>> {
  const inputs = withoutProvider(news);
  const failures = checkFailures(rules, inputs);
  if (failures.length > 0) return { inputs, failures };
  const generation = generationOf(inputs);
  const { endpointId, deployment } = inputs;
  const problem =
    generation === olds.generation
      ? undefined
      : await servedProblem(arm(), workspaceIdOf(endpointId), deployment.properties);
  return {
    inputs: { ...inputs, generation },
    ...(problem === undefined ? {} : { failures: [problem] }),
  };
}

/** What has not come to its end goes on with the next `up`, even where nothing else changed. */
export async function diff(
  _id: string,
  olds: RolloutOutputs,
  news: RolloutInputs,
): Promise<dynamic.DiffResult> {
  const keys = Object.keys(rules) as (keyof RolloutInputs)[];
  const replaces = changedKeys<RolloutInputs>(olds, news, ["endpointId"]);
  const unfinished = olds.phase === "Advancing" || olds.phase === "Gone";
  await sayForecast(arm(), olds, withoutProvider(news), say);
  const declared = unfinished || changedKeys<RolloutInputs>(olds, news, keys).length > 0;
  return {
    changes: declared || (await isNews(olds, withoutProvider(news))),
    replaces,
    deleteBeforeReplace: false,
  };
}

/** Whether the endpoint is elsewhere than the state knows. */
async function isNews({ traffic = {} }: RolloutOutputs, news: RolloutInputs): Promise<boolean> {
  const { generation, endpointId } = news;
  if (generation === undefined || JSON.stringify(news).includes(UNKNOWN)) return false;
  return await isOffCourse(arm(), endpointId, plannerSpec({ ...news, generation }), traffic, say);
}

export async function create(inputs: RolloutInputs): Promise<dynamic.CreateResult<RolloutOutputs>> {
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
  { alias }: RolloutOutputs,
  news: RolloutInputs,
): Promise<dynamic.UpdateResult<RolloutOutputs>> {
  return { outs: await rollForward(news, alias) };
}

export async function read(id: string, props?: RolloutOutputs): Promise<dynamic.ReadResult<RolloutOutputs>> {
  const there = await readEndpoint(arm(), id);
  if (there === undefined || props === undefined) return { id: "" };
  const { phase: was, ...before } = withoutProvider(props);
  const declared: RolloutInputs = present({ ...before, traffic: undefined });
  const { journal, traffic } = glimpseOf(there);
  const { generation } = declared;
  const phase = generation === undefined ? was : phaseOf(journal, generation);
  const settings = await readSettings(arm(), id);
  const spec = plannerSpec({ ...declared, generation: generation ?? "" });
  const inputs = present({ ...declared, autoscale: seenAutoscale(spec, journal, settings) });
  return { id, props: { ...inputs, phase, traffic }, inputs: inputs as RolloutOutputs };
}

export async function deleteResource(id: string, props: RolloutOutputs): Promise<void> {
  if ((await readEndpoint(arm(), id)) === undefined) return;
  const inputs = withoutProvider(props);
  const remove = async ({ mustHold, record, spec }: Writing): Promise<void> => {
    const rollout = { ...inputs, generation: generationOf(inputs) };
    if (inputs.alias !== undefined)
      await dropAlias(arm(), id, inputs.alias).catch((error: unknown) => say((error as Error).message));
    const ending = await run(azureService(arm(), rollout, mustHold, say), planRemoval, say, record);
    if (ending.kind === "fail")
      throw new ProviderError({ what: ending.reason, where: id, tryThis: "`pulumi destroy` again" });
    await spec.remove().catch(() => undefined);
  };
  await asWriter(arm(), id, say, remove, engineWatch());
}

export { deleteResource as delete };

/** @param formerAlias what was declared before */
async function rollForward(passed: RolloutInputs, formerAlias?: string): Promise<RolloutOutputs> {
  const inputs = { ...withoutProvider(passed), generation: generationOf(withoutProvider(passed)) };
  const spec = plannerSpec(inputs);
  const notifier = notifierOf(inputs.notify, inputs.endpointId, say);
  const goOn = async ({ mustHold, record, spec: blob }: Writing): Promise<Ending & { traffic: Traffic }> => {
    await saveSpec(blob, inputs, say);
    const service = azureService(arm(), inputs, mustHold, say);
    const ended = await run(
      service,
      (observed, now) => plan(spec, observed, now),
      say,
      notifier.beside(record),
    );
    if (ended.kind === "end" && formerAlias !== undefined && formerAlias !== inputs.alias)
      await dropAlias(arm(), inputs.endpointId, formerAlias);
    return { ...ended, traffic: (await service.observe()).traffic };
  };
  const ending = await asWriter(arm(), inputs.endpointId, say, goOn, engineWatch()).finally(notifier.settled);
  if (ending.kind === "fail") throw refusal(inputs.generation, ending);
  return { ...inputs, phase: ending.phase, traffic: ending.traffic };
}

/** What the planner is told of the declared rollout. */
export function plannerSpec(inputs: RolloutInputs & { readonly generation: string }): RolloutSpec {
  const {
    gates,
    smokeRequests,
    judgement: limits,
    check,
    replay,
    runMetrics = [],
    deployment,
    ...rest
  } = inputs;
  const judgement = {
    ...limits,
    delaySeconds: gates.length > 0 ? METRICS_DELAY : 0,
    replays: replay !== undefined,
  };
  const judged = gates.length > 0 || check !== undefined;
  return {
    ...rest,
    instances: deployment.sku.capacity,
    smoked: smokeRequests.length > 0,
    judgesRun: runMetrics.length > 0,
    ...(judged ? { judgement } : {}),
  };
}

function refusal(
  generation: string,
  {
    reason,
    tryThis = "another model or configuration, or this one with another `retry`",
  }: Extract<Ending, { kind: "fail" }>,
): ProviderError {
  return new ProviderError({ what: reason, where: generation, tryThis });
}

export { configure } from "../clients/sign-in-settings";
