import type { Problem } from "../providers/rules";
import { isKnown, type Constraint, type Known } from "./args";
import type { TrainingJobArgs } from "./training-job-args";

const COMMAND = "docs:reference-yaml-job-command";
const CHECKED = "azure-ai-ml, entities/_job/_input_output_helpers.py";

/** What a binding may be of; `search_space` in a sweep's trials alone. */
type BindingKind = "inputs" | "outputs" | "search_space";

/** What inputs, outputs and hyperparameters may be named. */
export const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A name between `${{` and `}}` of a command. */
interface Binding {
  readonly text: string;
  /** Undefined for what is nothing that a job has. */
  readonly kind?: BindingKind;
  readonly name: string;
}

/** What a command has between `${{` and `}}`, in its order. */
export function bindingsIn(command: string): readonly Binding[] {
  return [...command.matchAll(/\$\{\{(.*?)\}\}/g)].map(([text, inner = ""]) => {
    const [, kind, name] = /^(inputs|outputs|search_space)\.(\w+)$/.exec(inner.trim()) ?? [];
    return name === undefined ? { text, name: inner.trim() } : { text, kind: kind as BindingKind, name };
  });
}

/** That the command has bindings of these kinds alone. */
export function bindingForm(id: string, kinds: readonly BindingKind[]): Constraint<TrainingJobArgs> {
  const forms = kinds.map((kind) => `\${{${kind}.NAME}}`);
  const allowed = `${forms.slice(0, -1).join(", ")} or ${forms.at(-1) ?? ""}`;
  return {
    id,
    source: `${COMMAND}: the command has \${{inputs.NAME}} and \${{outputs.NAME}}`,
    problems: ({ command }) =>
      bindingsOf(command)
        .filter(({ kind }) => kind === undefined || !kinds.includes(kind))
        .map(({ text }) => inCommand(command, `it must have ${allowed} in place of ${text}`)),
  };
}

/** Rules that lie between the command, its inputs and its outputs. */
export const bindingConstraints: readonly Constraint<TrainingJobArgs>[] = [
  {
    id: "training-job-input-undeclared",
    source: `${CHECKED}, validate_inputs_for_command`,
    problems: ({ command, inputs }) => undeclared(command, "inputs", inputs),
  },
  {
    id: "training-job-output-undeclared",
    source: `${COMMAND}: outputs that the command has are declared`,
    problems: ({ command, outputs }) => undeclared(command, "outputs", outputs),
  },
  {
    id: "training-job-literal-unused",
    source: `${COMMAND}: a value reaches the job by the command alone`,
    problems: ({ command, inputs }) => {
      if (typeof command !== "string") return [];
      const used = bindingsOf(command)
        .filter(({ kind }) => kind === "inputs")
        .map(({ name }) => name);
      return Object.entries(inputs ?? {})
        .filter(([name, value]) => typeof value !== "object" && isKnown(value) && !used.includes(name))
        .map(([name, value]) => ({
          path: `inputs.${name}`,
          value,
          reason: `the command must have it as \${{inputs.${name}}}, for a value reaches the job by the command alone`,
        }));
    },
  },
  {
    id: "training-job-names",
    source: `${CHECKED}, validate_key_contains_allowed_characters`,
    problems: ({ inputs, outputs }) =>
      Object.entries({ inputs, outputs }).flatMap(([kind, record]) =>
        Object.keys(record ?? {})
          .filter((name) => !NAME.test(name))
          .map((name) => ({
            path: `${kind}.${name}`,
            value: name,
            reason: "its name must be letters, digits and underscores, no digit first",
          })),
      ),
  },
  {
    id: "training-job-output-default",
    source: "REST API 2025-12-01, Jobs: a job's output `default` is where its artifacts are",
    problems: ({ outputs }) =>
      Object.keys(outputs ?? {}).includes("default")
        ? [
            {
              path: "outputs.default",
              value: "default",
              reason: "Azure ML has this output itself: it must have another name",
            },
          ]
        : [],
  },
];

function bindingsOf(command: Known<TrainingJobArgs>["command"]): readonly Binding[] {
  return typeof command === "string" ? bindingsIn(command) : [];
}

function undeclared(
  command: Known<TrainingJobArgs>["command"],
  kind: "inputs" | "outputs",
  declared: object = {},
): Problem[] {
  // What is broken by itself, or not known yet, may have any name.
  if (typeof declared !== "object") return [];
  const names = Object.keys(declared);
  const there = names.length === 0 ? "there are none" : `there are ${names.join(", ")}`;
  return bindingsOf(command)
    .filter((binding) => binding.kind === kind && !names.includes(binding.name))
    .map(({ text }) => inCommand(command, `${text} must be declared in ${kind}; ${there}`));
}

function inCommand(value: unknown, reason: string): Problem {
  return { path: "command", value, reason };
}
