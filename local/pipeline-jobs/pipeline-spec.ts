import { randomUUID } from "node:crypto";
import { badArgument } from "../arm/errors";
import { isObject, objectAt, stringAt } from "../arm/objects";
import { lastName } from "../arm/path";
import type { Store } from "../arm/store";
import { assetVersion } from "../arm/types/machinelearning/asset-references";
import { workspaceIdOf } from "../arm/types/machinelearning/provider";
import { strings } from "../arm/types/machinelearning/deployment-spec";
import type { CommandJobSpec } from "../command-jobs/job";
import { commandJobSpec } from "../command-jobs/job-spec";
import type { Principal } from "../identity/principal";
import type { JsonObject } from "../json";
import { firstTrial, sweepSpec } from "../sweep-jobs/sweep-spec";
import type { OutputOf, PipelineJobSpec, PipelineStep, StepOutput } from "./job";
import { inOrder } from "./next-steps";
import { referenceIn, referencesIn } from "./references";
import { stepInputs, stepOutputs, type Level } from "./step-data";
import { commandProperties } from "./step-properties";
import { sweepProperties, withoutSearched } from "./sweep-properties";

/** What a pipeline job does, out of the properties of its PUT. @throws ArmError for what cannot run, with what to do */
export function pipelineJobSpec(
  store: Store,
  id: string,
  properties: JsonObject,
  owner: Principal,
): PipelineJobSpec {
  const settings = objectAt(properties, "settings");
  const setting = (name: string): JsonObject[string] => settings[name] ?? settings[camel(name)];
  const compute = setting("default_compute");
  const name = lastName(id);
  return {
    displayName: stringAt(properties, "displayName") ?? name,
    tags: strings(objectAt(properties, "tags")),
    ...levelSpec({
      ...{ store, owner, id, target: "properties.jobs", root: name },
      experimentName: stringAt(properties, "experimentName") ?? "Default",
      computeId: stringAt(properties, "computeId") ?? (typeof compute === "string" ? compute : undefined),
      forceRerun: setting("force_rerun") === true,
      continueOnStepFailure: setting("continue_on_step_failure") === true,
      jobs: objectAt(properties, "jobs"),
      inputs: objectAt(properties, "inputs"),
      outputs: objectAt(properties, "outputs"),
    }),
  };
}

const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

type LevelSpec = Omit<PipelineJobSpec, "displayName" | "tags">;

function levelSpec(level: Level): LevelSpec {
  const nodes = Object.entries(level.jobs).flatMap(([name, node]) =>
    isObject(node) ? [[name, node] as const] : [],
  );
  if (nodes.length === 0) throw badArgument("A pipeline has at least one step in 'jobs'.", level.target);
  const needs = Object.fromEntries(nodes.map(([name, node]) => [name, needsOf(level, name, node)]));
  const { order, circle } = inOrder(needs);
  if (circle.length > 0)
    throw badArgument(`The steps ${circle.join(", ")} wait for one another.`, level.target);
  const steps = new Map<string, PipelineStep>();
  const outputs: Record<string, OutputOf> = {};
  for (const name of order) {
    const node = objectAt(level.jobs, name);
    steps.set(name, stepOf(level, name, node, needs[name] ?? [], steps));
    for (const [output, value] of Object.entries(objectAt(node, "outputs"))) {
      const own = isObject(value) ? referenceIn(String(value["value"])) : undefined;
      if (own?.kind === "output") outputs[own.output] = { step: name, output };
    }
  }
  const { id, experimentName, owner, continueOnStepFailure } = level;
  return { id, experimentName, owner, continueOnStepFailure, outputs, steps: [...steps.values()] };
}

/** Names of the steps that a step reads from. @throws ArmError for what is not there */
function needsOf({ jobs, target }: Level, name: string, node: JsonObject): readonly string[] {
  const texts = Object.entries(objectAt(node, "inputs")).flatMap(([input, value]) =>
    isObject(value) && value["value"] !== undefined ? [[input, String(value["value"])] as const] : [],
  );
  const needs = texts.flatMap(([input, text]) =>
    referencesIn(text).flatMap((reference) => {
      if (reference.kind !== "step") return [];
      if (isObject(jobs[reference.step])) return [reference.step];
      throw badArgument(
        `The input '${input}' of step '${name}' is of a step '${reference.step}' that is not there.`,
        `${target}.${name}.inputs.${input}`,
      );
    }),
  );
  return [...new Set(needs)];
}

function stepOf(
  level: Level,
  name: string,
  node: JsonObject,
  needs: readonly string[],
  before: ReadonlyMap<string, PipelineStep>,
): PipelineStep {
  const { store, owner, experimentName } = level;
  const at = `${level.target}.${name}`;
  const declared = componentOf(level, name, node);
  const component = withoutSearched(declared, node);
  const id = `${workspaceIdOf(level.id)}/jobs/${randomUUID()}`;
  const inputs = stepInputs(level, name, node, component, before);
  const displayName = stringAt(node, "display_name") ?? name;
  const common = { name, displayName, needs };
  const kind = stringAt(component, "type") ?? stringAt(node, "type") ?? "command";
  const type = stringAt(node, "type") === "sweep" && kind === "command" ? "sweep" : kind;
  if (type === "pipeline") {
    const spec = levelSpec({
      ...{ ...level, id, target: `${at}.component.jobs`, inputs },
      jobs: objectAt(component, "jobs"),
      outputs: stepOutputs(level, node, component),
    });
    const outputs = Object.entries(spec.outputs).flatMap(([output, of]) => {
      const found = spec.steps.find((step) => step.name === of.step)?.outputs[of.output];
      return found === undefined ? [] : [[output, found] as const];
    });
    return {
      ...common,
      kind: "pipeline",
      outputs: Object.fromEntries(outputs),
      spec: { ...spec, parentId: level.id, displayName, tags: runTags(level) },
    };
  }
  const bound = { inputs, outputs: stepOutputs(level, node, component), computeId: level.computeId };
  if (type === "sweep") {
    const properties = { ...sweepProperties(component, node, bound), experimentName, displayName };
    const spec = sweepSpec(store, id, properties, owner);
    return {
      ...common,
      kind: "sweep",
      outputs: placesOf(commandJobSpec(store, id, firstTrial(spec), owner)),
      spec: { ...spec, rootRun: level.root, tags: { ...spec.tags, ...runTags(level) } },
    };
  }
  if (type !== "command")
    throw badArgument(
      `The local Azure runs steps of type command, sweep and pipeline, not ${type}.`,
      `${at}.type`,
    );
  const properties = commandProperties(component, node, bound);
  const spec = commandJobSpec(store, id, { ...properties, experimentName, displayName }, owner);
  return {
    ...common,
    kind: "command",
    outputs: placesOf(spec),
    reuse: component["is_deterministic"] !== false && !level.forceRerun,
    ...codeDigest(level, stringAt(properties, "codeId")),
    spec: { ...spec, rootRun: level.root, tags: { ...spec.tags, ...runTags(level) } },
  };
}

function placesOf({ outputs }: CommandJobSpec): Record<string, StepOutput> {
  return Object.fromEntries(Object.entries(outputs).map(([name, { uri, place }]) => [name, { uri, place }]));
}

function codeDigest({ store, id }: Level, codeId: string | undefined): { readonly codeDigest?: string } {
  if (codeId === undefined) return {};
  const { version } = assetVersion(store, id, codeId, "codes", "properties.codeId");
  const digest = stringAt(objectAt(objectAt(version.body, "properties"), "properties"), "hash_sha256");
  return digest === undefined ? {} : { codeDigest: digest };
}

/** How MLflow knows whose step a run is. */
const runTags = ({ id, root }: Level): Record<string, string> => ({
  "mlflow.parentRunId": lastName(id),
  "mlflow.rootRunId": root,
});

/** What a step runs: the specification of its component's version. @throws ArmError where there is none */
function componentOf({ store, id, target }: Level, name: string, node: JsonObject): JsonObject {
  const reference = stringAt(node, "componentId") ?? stringAt(objectAt(node, "trial"), "componentId");
  const at = `${target}.${name}.componentId`;
  if (reference === undefined) throw badArgument(`The step '${name}' needs a component's version.`, at);
  const { version } = assetVersion(store, id, reference, "components", at);
  return objectAt(objectAt(version.body, "properties"), "componentSpec");
}
