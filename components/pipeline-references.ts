import * as pulumi from "@pulumi/pulumi";
import type { PipelineArgs } from "./pipeline-args";
import type { NestedStep, PipelineStep, StepDataType, StepOutput } from "./pipeline-steps";

/** A step's output by its names; without them it is of no step of the pipeline. */
export class OutputReference implements StepOutput {
  constructor(
    readonly type: StepDataType,
    readonly step: string | undefined,
    readonly output: string | undefined,
  ) {}
}

/** An output that is of no step of a nested pipeline: one of the pipeline outside writes it. */
export class OuterReference implements StepOutput {
  constructor(
    readonly type: StepDataType,
    readonly declared: object,
  ) {}
}

/** Whether it is an output by its names, or one of a step outside. */
export function isReference(value: unknown): value is OutputReference | OuterReference {
  return isStepOutput(value) || value instanceof OuterReference;
}

export function isStepOutput(value: unknown): value is OutputReference {
  return value instanceof OutputReference;
}

/**
 * The same args, in which outputs that are referred to are so by their names: a program refers to what a step declares, the very object.
 */
export function withReferences(args: PipelineArgs): PipelineArgs {
  const { steps, outputs } = args;
  // What is broken is left to the rules.
  if (!isRecord(steps)) return args;
  const refer = (output: unknown): unknown => (isRecord(output) ? reference(steps, output) : output);
  return {
    ...args,
    steps: mapped(steps, (step) => (isRecord(step) ? referring(step, refer) : step)),
    ...(isRecord(outputs) ? { outputs: mapped(outputs, refer) as typeof outputs } : {}),
  };
}

/** A nested pipeline's steps refer to one another; what else they read is read by it, as `STEP_INPUT`. */
function withinNested(step: NestedStep, refer: (output: unknown) => unknown): NestedStep {
  const { steps, outputOf } = step;
  // One that has inputs is by names already.
  if (!isRecord(steps) || step.inputs !== undefined) return step;
  const own = (output: unknown): unknown => {
    if (!isRecord(output) || isReference(output)) return output;
    const found = reference(steps, output);
    return found.step === undefined ? new OuterReference(found.type, output) : found;
  };
  const within = mapped(steps, (each) => (isRecord(each) ? referring(each, own) : each));
  const inputs = mapped(readOf(within), (input) =>
    isRecord(input) && "from" in input ? { ...input, from: refer(input.from) } : input,
  );
  const made = isRecord(outputOf) ? { outputOf: mapped(outputOf, own) as typeof outputOf } : {};
  return { ...step, ...made, steps: within, inputs: inputs as NonNullable<NestedStep["inputs"]> };
}

/** What steps read from none of themselves, by `STEP_INPUT`. How a step gets at a file is the step's own. */
export function readOf(steps: Readonly<Record<string, PipelineStep>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(steps).flatMap(([step, each]) =>
      Object.entries(each.inputs ?? {})
        .filter(([, value]) => fromOf(value) === undefined)
        .map(([name, value]) => [inputName(step, name), withoutMode(value)] as const),
    ),
  );
}

/** The name among a pipeline's inputs that a step's own input has. */
export const inputName = (step: string, input: string): string => `${step}_${input}`;

function withoutMode(value: unknown): unknown {
  return isPlain(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => key !== "mode")) : value;
}

/** An object whose members are known, unlike an Output's. */
export function isPlain(value: unknown): value is object {
  return isRecord(value) && typeof value === "object" && !pulumi.Output.isInstance(value);
}

function referring(step: PipelineStep, refer: (output: unknown) => unknown): PipelineStep {
  if (step.kind === "pipeline") return withinNested(step, refer);
  const { inputs } = step;
  if (!isRecord(inputs)) return step;
  const read = mapped(inputs, (input) =>
    isRecord(input) && "from" in input ? { ...input, from: refer(input.from) } : input,
  );
  return { ...step, inputs: read as typeof inputs };
}

function reference(steps: PipelineArgs["steps"], wanted: object): OutputReference {
  if (isStepOutput(wanted)) return wanted;
  if (wanted instanceof OuterReference) return reference(steps, wanted.declared);
  const type = Reflect.get(wanted, "type") as StepDataType;
  for (const [step, { outputs }] of Object.entries(steps))
    for (const [output, declared] of Object.entries(outputs ?? {}))
      if (declared === wanted) return new OutputReference(type, step, output);
  return new OutputReference(type, undefined, undefined);
}

/** By the names of steps, those that each reads from. */
export function stepsBefore(
  steps: Readonly<Record<string, { readonly inputs?: object }>>,
): Readonly<Record<string, readonly string[]>> {
  return mapped(steps, ({ inputs = {} }) => {
    const from = Object.values(inputs).flatMap((input: unknown) => fromOf(input)?.step ?? []);
    return [...new Set(from)];
  });
}

/** What an input is read from, where that is another step's output. */
export function fromOf(input: unknown): OutputReference | undefined {
  const from: unknown = typeof input === "object" && input !== null ? Reflect.get(input, "from") : undefined;
  return isStepOutput(from) ? from : undefined;
}

function mapped<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

function isRecord<T>(value: T): value is T & object {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !("then" in value);
}
