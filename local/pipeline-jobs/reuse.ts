import { createHash } from "node:crypto";
import { join } from "node:path";
import { isObject, objectAt } from "../arm/objects";
import type { CommandJobSpec } from "../command-jobs/job";
import { readIfThere, writeWhole } from "../files";
import type { BlobPlace } from "../jobs/blob-place";
import type { JsonObject } from "../json";
import type { SweepSpec } from "../sweep-jobs/sweep";
import type { CommandStep, PipelineJobSpec, PipelineStep, StepOutput } from "./job";

/** A run whose outputs stand for those of others that would do the same. */
export interface Reusable {
  /** The job's name. */
  readonly job: string;
  readonly outputs: Readonly<Record<string, StepOutput>>;
}

/**
 * What decides whether a run would do the same as another: code, command, environment, inputs, what its outputs are, and what it runs on. Where its outputs go
 * and how it is called do not.
 *
 * @param workspace what tells it from one of the same name that is gone
 */
export function reuseKey(
  workspace: string,
  { spec, codeDigest }: Pick<CommandStep, "spec" | "codeDigest">,
): string {
  const { command, environment, environmentVariables, inputs, outputs } = spec;
  const code = codeDigest ?? spec.code;
  const { clusterId, instances, distribution, timeout } = spec;
  const kinds = Object.entries(outputs).map(([name, { type, direct }]) => [name, type, direct]);
  const all = [
    ...[workspace, command, code, environment.id, environmentVariables, inputs, kinds],
    ...[clusterId, instances, distribution, timeout],
  ];
  return createHash("sha256")
    .update(JSON.stringify(all, (_, value: unknown) => (isPlain(value) ? inKeyOrder(value) : value)))
    .digest("hex");
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function inKeyOrder(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The runs that may be reused, a file each. */
export class ReusableRuns {
  constructor(private readonly folder: string) {}

  find(key: string): Reusable | undefined {
    const text = readIfThere(this.file(key));
    return text === undefined ? undefined : (JSON.parse(text) as Reusable);
  }

  keep(key: string, run: Reusable): void {
    writeWhole(this.file(key), JSON.stringify(run));
  }

  private file(key: string): string {
    return join(this.folder, `${key}.json`);
  }
}

/** An output that is elsewhere than the pipeline was made with. */
export interface Moved {
  readonly from: StepOutput;
  readonly to: StepOutput;
}

/** The spec, whose inputs are read from where they are by now. */
export function withMoved<T extends CommandJobSpec | SweepSpec | PipelineJobSpec>(
  spec: T,
  moved: readonly Moved[],
): T {
  if (moved.length === 0) return spec;
  if ("steps" in spec) return { ...spec, steps: spec.steps.map((step) => stepWithMoved(step, moved)) };
  if ("trial" in spec) return { ...spec, trial: trialWithMoved(spec.trial, moved) };
  const inputs = Object.entries(spec.inputs).map(([name, input]) => {
    if (input.kind === "text") {
      const uri = moved.find(({ from }) => from.uri === input.text)?.to.uri;
      return [name, uri === undefined ? input : { ...input, text: uri }] as const;
    }
    const place = moved.find(({ from }) => samePlace(from.place, input.place))?.to.place;
    return [name, place === undefined ? input : { ...input, place }] as const;
  });
  return { ...spec, inputs: Object.fromEntries(inputs) };
}

function stepWithMoved(step: PipelineStep, moved: readonly Moved[]): PipelineStep {
  switch (step.kind) {
    case "command":
      return { ...step, spec: withMoved(step.spec, moved) };
    case "sweep":
      return { ...step, spec: withMoved(step.spec, moved) };
    case "pipeline":
      return { ...step, spec: withMoved(step.spec, moved) };
  }
}

/** A trial's inputs are still as ARM has them. */
function trialWithMoved(trial: JsonObject, moved: readonly Moved[]): JsonObject {
  const inputs = Object.entries(objectAt(trial, "inputs")).map(([name, input]) => {
    const uri = isObject(input) ? moved.find(({ from }) => from.uri === input["uri"])?.to.uri : undefined;
    return [name, uri === undefined ? input : { ...objectAt({ input }, "input"), uri }] as const;
  });
  return { ...trial, inputs: Object.fromEntries(inputs) as JsonObject };
}

/** The outputs that are not where they were to go. */
export function movedOutputs(
  planned: Readonly<Record<string, StepOutput>>,
  made: Readonly<Record<string, StepOutput>>,
): readonly Moved[] {
  return Object.entries(planned).flatMap(([name, from]) => {
    const to = made[name];
    return to === undefined || samePlace(from.place, to.place) ? [] : [{ from, to }];
  });
}

function samePlace(one: BlobPlace, other: BlobPlace): boolean {
  return one.account === other.account && one.container === other.container && one.prefix === other.prefix;
}
