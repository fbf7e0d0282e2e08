import { badArgument } from "../arm/errors";
import { isObject, objectAt, stringAt } from "../arm/objects";
import type { Store } from "../arm/store";
import type { Principal } from "../identity/principal";
import type { JsonObject } from "../json";
import type { PipelineStep } from "./job";
import { referenceIn, withInputs, type Reference } from "./references";

/** What the steps of one pipeline are made with. */
export interface Level {
  readonly store: Store;
  readonly owner: Principal;
  readonly id: string;
  /** What stands for the pipeline in messages: `properties.jobs`. */
  readonly target: string;
  readonly experimentName: string;
  readonly computeId: string | undefined;
  readonly forceRerun: boolean;
  readonly continueOnStepFailure: boolean;
  /** Name of the pipeline at the top. */
  readonly root: string;
  /** Members of the body, as ARM has them. */
  readonly jobs: JsonObject;
  /** Values, as the inputs of a job. */
  readonly inputs: JsonObject;
  readonly outputs: JsonObject;
}

/** A step's inputs as a job takes them. */
export function stepInputs(
  level: Level,
  name: string,
  node: JsonObject,
  component: JsonObject,
  before: ReadonlyMap<string, PipelineStep>,
): JsonObject {
  const given = objectAt(node, "inputs");
  const declared = objectAt(component, "inputs");
  const undeclared = Object.keys(given).find((input) => !(input in declared));
  if (undeclared !== undefined)
    throw badArgument(
      `The component of step '${name}' has no input '${undeclared}'.`,
      `${level.target}.${name}.inputs.${undeclared}`,
    );
  const values = Object.keys(declared).flatMap((input) => {
    const wanted = objectAt(declared, input);
    const value = given[input];
    if (isObject(value)) return [[input, boundInput(level, name, input, value, wanted, before)] as const];
    if (wanted["default"] !== undefined && wanted["default"] !== null)
      return [[input, { jobInputType: "literal", value: String(wanted["default"]) }] as const];
    if (wanted["optional"] === true) return [];
    throw badArgument(
      `The step '${name}' needs a value for the input '${input}' of its component.`,
      `${level.target}.${name}.inputs.${input}`,
    );
  });
  return Object.fromEntries(values);
}

function boundInput(
  level: Level,
  name: string,
  input: string,
  value: JsonObject,
  declared: JsonObject,
  before: ReadonlyMap<string, PipelineStep>,
): JsonObject {
  const mode = stringAt(value, "mode") ?? stringAt(declared, "mode");
  const type = stringAt(value, "job_input_type") ?? stringAt(value, "type") ?? "literal";
  const moded = (body: JsonObject): JsonObject =>
    body["jobInputType"] === "literal" || mode === undefined
      ? body
      : { ...body, mode: /^direct$/i.test(mode) ? "Direct" : mode };
  if (type !== "literal") return moded({ jobInputType: type, uri: value["uri"] ?? value["path"] });
  const text = String(value["value"]);
  const at = `${level.target}.${name}.inputs.${input}`;
  const reference = referenceIn(text);
  if (reference === undefined)
    return {
      jobInputType: "literal",
      value: withInputs(text, (parent) => String(inputOf(level, parent, at)["value"] ?? "")),
    };
  if (reference.kind === "input") return moded(inputOf(level, reference.input, at));
  if (reference.kind === "step") {
    const found = before.get(reference.step)?.outputs[reference.output];
    if (found === undefined)
      throw badArgument(`The step '${reference.step}' has no output '${reference.output}'.`, at);
    const wanted = stringAt(declared, "type") ?? "uri_folder";
    return moded({ jobInputType: wanted, uri: found.uri });
  }
  throw badArgument(`'${text}' is no input of the pipeline and no output of a step.`, at);
}

function inputOf({ inputs }: Level, name: string, target: string): JsonObject {
  const found = inputs[name];
  if (isObject(found)) return found;
  throw badArgument(`The pipeline has no input '${name}'.`, target);
}

/** A step's outputs as a job takes them; one that is the pipeline's own goes where the pipeline says. */
export function stepOutputs({ outputs, target }: Level, node: JsonObject, component: JsonObject): JsonObject {
  const given = objectAt(node, "outputs");
  const made = Object.entries(objectAt(component, "outputs")).map(([name, declared]) => {
    const value = objectAt(given, name);
    const own: Reference | undefined = referenceIn(String(value["value"] ?? ""));
    if (own?.kind === "output" && !isObject(outputs[own.output]))
      throw badArgument(`The pipeline has no output '${own.output}'.`, `${target}.outputs.${name}`);
    const from = own?.kind === "output" ? objectAt(outputs, own.output) : value;
    const type = isObject(declared) ? stringAt(declared, "type") : undefined;
    const { uri, mode } = from;
    return [
      name,
      {
        jobOutputType: type ?? "uri_folder",
        ...(uri === undefined || uri === null ? {} : { uri }),
        ...(mode === undefined || mode === null ? {} : { mode }),
      },
    ] as const;
  });
  return Object.fromEntries(made);
}
