import type { Problem } from "../providers/rules";
import { isKnown, type Constraint, type Known } from "./args";
import type { PipelineArgs } from "./pipeline-args";
import { fromOf, inputName, isStepOutput, stepsBefore, withReferences } from "./pipeline-references";
import type { SweepJobArgs } from "./sweep-job-args";
import { sweepJobConstraints } from "./sweep-job-constraints";
import { trainingJobConstraints } from "./training-job-constraints";
import type { TrainingJobArgs } from "./training-job-args";
import { LATER } from "../providers/rules";

const PIPELINE = "docs:reference-yaml-job-pipeline";
const CHECKED = "azure-ai-ml, _utils/utils.py, is_valid_node_name";

type Args = Known<PipelineArgs>;
type Step = Args["steps"][string];

interface InputPlace {
  readonly step: string;
  readonly name: string;
  readonly path: string;
  readonly value: unknown;
}

/** Every input of every step, with its place in the args. */
function inputsOf({ steps }: Args): readonly InputPlace[] {
  return stepsOf(steps).flatMap(([step, declared]) => {
    const { inputs } = declared;
    const places = placesIn(declared);
    return Object.entries(isObject(inputs) ? inputs : {}).map(([name, value]) => ({
      step,
      name,
      path: `steps.${step}.${places[name] ?? `inputs.${name}`}`,
      value,
    }));
  });
}

/** Where a program has written each input; those of a nested pipeline are its steps'. */
function placesIn(step: Step): Readonly<Record<string, string>> {
  if (step.kind !== "pipeline") {
    const { inputs } = step;
    const names = Object.keys(isObject(inputs) ? inputs : {});
    return Object.fromEntries(names.map((name) => [name, `inputs.${name}`]));
  }
  const within = stepsOf(step.steps).flatMap(([inner, each]) =>
    Object.entries(placesIn(each)).map(
      ([name, path]) => [inputName(inner, name), `steps.${inner}.${path}`] as const,
    ),
  );
  return Object.fromEntries(within);
}

const rules: readonly Constraint<PipelineArgs>[] = [
  {
    id: "pipeline-without-steps",
    source: `${PIPELINE}: jobs is required`,
    problems: ({ steps }) =>
      isObject(steps) && Object.keys(steps).length === 0
        ? [{ path: "steps", value: steps, reason: "there must be one step at least" }]
        : [],
  },
  {
    id: "pipeline-names",
    source: CHECKED,
    problems: ({ steps, outputs }) =>
      Object.entries({ steps, outputs }).flatMap(([kind, record]) =>
        Object.keys(isObject(record) ? record : {})
          .filter((name) => !/^[a-z_][a-z0-9_]*$/.test(name))
          .map((name) => ({
            path: `${kind}.${name}`,
            value: name,
            reason: "its name must be small letters, digits and underscores, no digit first",
          })),
      ),
  },
  {
    id: "pipeline-step",
    source:
      "docs:reference-yaml-job-command and reference-yaml-job-sweep, as the rules of TrainingJob and SweepJob",
    problems: (args) => stepsOf(args.steps).flatMap(([name, step]) => stepProblems(args, name, step)),
  },
  {
    id: "pipeline-output-of-no-step",
    source: `${PIPELINE}: \${{parent.jobs.STEP.outputs.NAME}} is an output of a step of the pipeline`,
    problems: (args) => {
      const read = inputsOf(args).map(({ path, value }) => ({ path: `${path}.from`, from: fromOf(value) }));
      const own = Object.entries(isObject(args.outputs) ? args.outputs : {}).map(([name, output]) => ({
        path: `outputs.${name}`,
        from: isStepOutput(output) ? output : undefined,
      }));
      return [...read, ...own]
        .filter(({ from }) => from !== undefined && from.step === undefined)
        .map(({ path, from }) => ({
          path,
          value: { type: from?.type },
          reason: `it must be one of the outputs of a step in \`steps\`; there are ${known(args).join(", ") || "none"}`,
        }));
    },
  },
  {
    id: "pipeline-input-type",
    source: `${PIPELINE}: an input is of its component's type`,
    problems: (args) =>
      inputsOf(args).flatMap(({ path, value }) => {
        const from = fromOf(value);
        const type: unknown = from && Reflect.get(value as object, "type");
        return from === undefined || typeof type !== "string" || type === from.type
          ? []
          : [{ path: `${path}.type`, value: type, reason: `it must be that of the output, ${from.type}` }];
      }),
  },
  {
    id: "pipeline-input-place",
    source: `${PIPELINE}: an input has one value`,
    problems: (args) =>
      inputsOf(args).flatMap(({ path, value }) => {
        if (fromOf(value) === undefined) return [];
        const { uri, path: local } = value as { uri?: unknown; path?: unknown };
        return uri === undefined && local === undefined
          ? []
          : [{ path, value: undefined, reason: "with from it must have neither uri nor path" }];
      }),
  },
  {
    id: "pipeline-input-twice",
    source: `${PIPELINE}: the names of a pipeline's inputs are unique`,
    problems: (args) => {
      const own = inputsOf(args).filter(({ value }) => fromOf(value) === undefined);
      return own.flatMap(({ step, name, path, value }, index) => {
        const joined = inputName(step, name);
        const first = own.slice(0, index).find((other) => inputName(other.step, other.name) === joined);
        return first === undefined
          ? []
          : [
              {
                path,
                value,
                reason: `it must have another name: ${first.path} is the pipeline's input ${joined} already`,
              },
            ];
      });
    },
  },
  {
    id: "pipeline-search-space-input",
    source: "azure-ai-ml, Sweep: an input of the trial's component is either read or searched",
    problems: ({ steps }) =>
      stepsOf(steps).flatMap(([name, step]) => {
        if (step.kind !== "sweep" || !isObject(step.searchSpace)) return [];
        const names = Object.keys(isObject(step.inputs) ? step.inputs : {});
        return Object.keys(step.searchSpace)
          .filter((each) => names.includes(each))
          .map((each) => ({
            path: `steps.${name}.searchSpace.${each}`,
            value: each,
            reason: "it must have another name than the step's inputs",
          }));
      }),
  },
  {
    id: "pipeline-circle",
    source: `${PIPELINE}: the steps are a graph without circles`,
    problems: ({ steps }) => {
      const circle = circleIn(stepsBefore(Object.fromEntries(stepsOf(steps))));
      return circle.length === 0
        ? []
        : [
            {
              path: `steps.${circle[0]}.inputs`,
              value: circle,
              reason: "no step must read, by others or by itself, what it writes",
            },
          ];
    },
  },
  {
    id: "pipeline-output-twice",
    source: "azure-ai-ml, _job/pipeline/_io: a step's output is bound to one output of the pipeline",
    problems: ({ outputs }) => {
      const own = Object.entries(isObject(outputs) ? outputs : {});
      return own
        .filter(([, output], index) =>
          own.slice(0, index).some(([, other]) => {
            if (!isStepOutput(output) || !isStepOutput(other) || output.step === undefined) return false;
            return output.step === other.step && output.output === other.output;
          }),
        )
        .map(([name]) => ({
          path: `outputs.${name}`,
          value: undefined,
          reason: "it must be another output than those before it",
        }));
    },
  },
];

/** Rules that lie between the steps of a pipeline, whether they refer to one another by names yet or not. */
export const pipelineConstraints: readonly Constraint<PipelineArgs>[] = rules.map((rule) => ({
  ...rule,
  problems: (args) => {
    const problems = deepProblems(rule, withReferences(args as PipelineArgs) as Args);
    // What the pipeline says for all steps is told once.
    return problems.filter(({ path }, index) => problems.findIndex((other) => other.path === path) === index);
  },
}));

/** A nested pipeline is under the rules of the one around it. */
function deepProblems(rule: Constraint<PipelineArgs>, args: Args): readonly Problem[] {
  const within = stepsOf(args.steps).flatMap(([name, step]) => {
    if (step.kind !== "pipeline") return [];
    const inner = { ...args, steps: step.steps, outputs: step.outputOf };
    return deepProblems(rule, inner).map((problem) => ({
      ...problem,
      path: problem.path === "computeId" ? problem.path : `steps.${name}.${problem.path}`,
    }));
  });
  return [...rule.problems(args), ...within];
}

/** The rules of a job, over a step; what comes from other steps has no value yet. */
function stepProblems(args: Args, name: string, step: Step): readonly Problem[] {
  if (step.kind === "pipeline") return [];
  const { inputs, ...rest } = step as Exclude<Step, { kind: "pipeline" }> & object;
  const read = Object.entries(isObject(inputs) ? inputs : {}).map(([input, value]) => [
    input,
    isObject(value) && "from" in value ? LATER : value,
  ]);
  const whole = {
    computeId: args.computeId,
    ...rest,
    workspaceId: args.workspaceId,
    ...(inputs === undefined ? {} : { inputs: Object.fromEntries(read) as object }),
  } as Known<TrainingJobArgs>;
  const problems: readonly Problem[] =
    step.kind === "sweep"
      ? sweepJobConstraints.flatMap((rule) => rule.problems(whole as Known<SweepJobArgs>))
      : trainingJobConstraints.flatMap((rule) => rule.problems(whole));
  return problems.map((problem) => ({
    ...problem,
    path:
      problem.path === "computeId" && step.computeId === undefined
        ? "computeId"
        : `steps.${name}.${problem.path}`,
  }));
}

function known({ steps }: Args): readonly string[] {
  return stepsOf(steps).flatMap(([name, { outputs }]) =>
    Object.keys(isObject(outputs) ? outputs : {}).map((output) => `${name}.outputs.${output}`),
  );
}

/** The steps that wait for one another, if there are such. */
export function circleIn(before: Readonly<Record<string, readonly string[]>>): readonly string[] {
  let left = Object.keys(before);
  for (;;) {
    const stuck = left.filter((name) => (before[name] ?? []).some((other) => left.includes(other)));
    if (stuck.length === left.length) return left;
    left = stuck;
  }
}

function stepsOf(steps: Args["steps"]): readonly (readonly [string, Step])[] {
  return isObject(steps) ? Object.entries(steps).filter(([, step]) => isObject(step)) : [];
}

function isObject<T>(value: T): value is T & object {
  return typeof value === "object" && value !== null && isKnown<object>(value);
}
