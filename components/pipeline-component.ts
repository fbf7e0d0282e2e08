import * as pulumi from "@pulumi/pulumi";
import { ComponentVersion } from "../providers/asset-version/resource";
import { nodeBody } from "../providers/pipeline/node";
import type { PipelineStepInputs, StepBinding, StepSettings } from "../providers/pipeline/types";
import type { SweepDistribution } from "../providers/sweep-job/types";
import type { TrainingFiles, TrainingLiteral } from "../providers/training-job/types";
import { codeVersionId } from "./code";
import { environmentDefinition } from "./environment";
import { assetName } from "./naming";
import { ownEnvironmentId } from "./own-environment";
import type { PipelineArgs } from "./pipeline-args";
import { bindingOf } from "./pipeline-inputs";
import { isStepOutput } from "./pipeline-references";
import { searchedInput, searchOf, trialCommand } from "./pipeline-search";
import type { CommandStep, NestedStep, PipelineStep, SweepStep } from "./pipeline-steps";

/** A step as its job has it; its component is registered. */
export function stepInputs(
  pipelineName: string,
  name: string,
  step: PipelineStep,
  args: Pick<PipelineArgs, "workspaceId" | "tags">,
  parent: pulumi.Resource,
): pulumi.Output<PipelineStepInputs> {
  const bindings = Object.entries(step.inputs ?? {}).map(([input, value]) => [
    input,
    bindingOf(name, input, value),
  ]);
  const component = `${pipelineName}-${name}`;
  return pulumi.output({
    ...(step.kind === "pipeline"
      ? { componentId: pipelineComponentId(component, step, args, parent), pipeline: true }
      : { componentId: componentId(component, step, args, parent) }),
    ...(step.kind === "sweep" ? { sweep: searchOf(step) } : {}),
    ...(step.kind === "command" ? { environmentVariables: step.environmentVariables } : {}),
    inputs: Object.fromEntries(bindings) as Record<string, pulumi.Input<StepBinding>>,
  }) as pulumi.Output<PipelineStepInputs>;
}

/** What a step runs on, and which of its outputs are the pipeline's. */
export function stepSettings(
  name: string,
  step: PipelineStep,
  outputs: PipelineArgs["outputs"] = {},
): pulumi.Output<StepSettings> {
  const places = Object.entries(step.outputs).map(([output, declared]) => {
    const [own] = Object.entries(outputs).filter(
      ([, each]) => isStepOutput(each) && each.step === name && each.output === output,
    );
    return [output, { ...declared, ...(own === undefined ? {} : { pipelineOutput: own[0] }) }] as const;
  });
  return pulumi.output({
    ...(step.kind === "pipeline" ? {} : machinesOf(step)),
    outputs: Object.fromEntries(places),
  }) as pulumi.Output<StepSettings>;
}

function machinesOf(step: CommandStep | SweepStep): object {
  const { computeId, instanceCount, resources, limits, queueSettings, identity } = step;
  const distribution = step.kind === "command" ? step.distribution : undefined;
  return { computeId, instanceCount, resources, distribution, limits, queueSettings, identity };
}

/** A version of the pipeline that a step is, in which its steps are as those of a job. */
function pipelineComponentId(
  name: string,
  step: NestedStep,
  args: Pick<PipelineArgs, "workspaceId" | "tags">,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const { steps, inputs = {}, outputs, outputOf } = step;
  const nodes = Object.entries(steps).map(([inner, each]) => {
    const made = pulumi.all([
      stepInputs(name, inner, each, args, parent),
      stepSettings(inner, each, outputOf),
    ] as const);
    return [inner, made.apply(([known, settings]) => nodeBody(inner, known, settings))] as const;
  });
  const componentSpec = pulumi
    .output({ jobs: Object.fromEntries(nodes), inputs: pulumi.output(inputs), outputs })
    .apply(({ jobs, ...known }) => ({
      ...{ name: assetName(name), type: "pipeline" },
      ...typesOf(known as unknown as Pick<Known, "inputs" | "outputs">),
      jobs,
    }));
  return versionId(name, componentSpec, args, parent);
}

/** A version of what a step does, by its content; it outlives the pipeline, for runs of before name it. */
function componentId(
  name: string,
  step: CommandStep | SweepStep,
  { workspaceId, tags }: Pick<PipelineArgs, "workspaceId" | "tags">,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const { code, environment = {}, command, inputs = {}, outputs, reuse = true } = step;
  const codeId =
    code === undefined ? undefined : codeVersionId(name, { workspaceId, path: code, tags }, parent);
  const searchSpace = step.kind === "sweep" ? pulumi.output(step.searchSpace) : {};
  const definition = environmentDefinition(environment);
  const environmentId =
    step.environmentId ??
    ownEnvironmentId(name, { workspaceId, definition, path: environment.build?.path, tags }, parent);
  const componentSpec = pulumi
    .output({ command, codeId, environmentId, reuse, inputs: pulumi.output(inputs), outputs, searchSpace })
    .apply((known) => specification(assetName(name), known as unknown as Known));
  return versionId(name, componentSpec, { workspaceId, tags }, parent);
}

function versionId(
  name: string,
  componentSpec: pulumi.Input<object>,
  { workspaceId, tags }: Pick<PipelineArgs, "workspaceId" | "tags">,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const version = new ComponentVersion(
    `${name}-component`,
    { workspaceId, name: assetName(name), definition: { componentSpec }, tags, onDelete: "retain" },
    // Another content replaces the last, which a protection inherited from a stack would forbid.
    { parent, protect: false },
  );
  return version.versionId;
}

interface Known {
  readonly command: string;
  readonly codeId?: string;
  readonly environmentId: string;
  readonly reuse: boolean;
  readonly inputs: Readonly<Record<string, TrainingLiteral | TrainingFiles>>;
  readonly outputs: Readonly<Record<string, { readonly type: string }>>;
  /** What trials try, which are inputs of the component. */
  readonly searchSpace?: Readonly<Record<string, SweepDistribution>>;
}

/** A command component as azure-ai-ml writes it. */
export function specification(name: string, known: Known): Record<string, unknown> {
  const { command, codeId, environmentId, reuse, searchSpace = {} } = known;
  const { inputs, outputs } = typesOf(known);
  return {
    ...{ name, type: "command", is_deterministic: reuse, command: trialCommand(command) },
    ...(codeId === undefined ? {} : { code: `azureml:${codeId}` }),
    environment: environmentId.startsWith("/") ? `azureml:${environmentId}` : environmentId,
    inputs: { ...inputs, ...mapped(searchSpace, searchedInput) },
    outputs,
  };
}

/** What a component declares of what it reads and writes. */
function typesOf({
  inputs,
  outputs,
}: Pick<Known, "inputs" | "outputs">): Record<"inputs" | "outputs", Record<string, object>> {
  return {
    inputs: mapped(inputs, (value) => ({
      type: typeof value === "object" ? value.type : LITERALS[typeof value],
    })),
    outputs: mapped(outputs, ({ type }) => ({ type })),
  };
}

/** A component's types of values, by JavaScript's. */
const LITERALS: Readonly<Record<string, string>> = { string: "string", number: "number", boolean: "boolean" };

function mapped<T>(record: Readonly<Record<string, T>>, map: (value: T) => object): Record<string, object> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
