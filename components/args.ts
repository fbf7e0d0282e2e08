import * as pulumi from "@pulumi/pulumi";
import { findProblems, LATER, type Later, type Problem, type Rules } from "../providers/rules";

/** Args that a component can't be made of. Pulumi prints the message alone, without a stack trace. */
export class InvalidArgs extends pulumi.RunError {
  constructor(
    component: string,
    name: string,
    readonly problems: readonly Problem[],
  ) {
    super(`${component} "${name}" can't be declared:\n${problems.map(printProblem).join("\n")}`);
    // Pulumi shows the stack of what an output throws.
    this.stack = this.message;
  }
}

/** Args as a rule sees them: what is an output in the program is its value, or `LATER` while there is none. */
export type Known<T> =
  T extends Promise<infer V>
    ? Known<V> | Later
    : T extends pulumi.OutputInstance<infer V>
      ? Known<V> | Later
      : T extends string | number | boolean | null | undefined | pulumi.Resource
        ? T
        : T extends readonly (infer V)[]
          ? readonly Known<V>[]
          : { readonly [K in keyof T]: Known<T[K]> };

/** A rule that Azure has for a component's args together. */
export interface Constraint<Args> {
  /** Unique in the package: `compute-cluster-min-over-max`. */
  readonly id: string;
  /** Where Azure says so: a document, or a class of Microsoft's models. */
  readonly source: string;
  /** Nothing when the rule holds, or when what it needs is not known yet. Reasons tell no value: it may be a secret. */
  readonly problems: (args: Known<Args>) => readonly Problem[];
}

export function isKnown<T>(value: T | Later): value is T {
  return value !== LATER;
}

/**
 * Checks a component's args before any child is registered.
 *
 * @returns the args; those that are outputs are checked, by themselves and with the others, as soon as they have a value
 * @throws InvalidArgs with every problem
 */
export function checkArgs<T extends object>(
  component: string,
  name: string,
  args: T,
  rules: Rules<T>,
  constraints: readonly Constraint<T>[] = [],
): T {
  const values = new Map<object, unknown>();
  const secrets = new Set<object>();
  const check = (): void => {
    const seen = view(args, (later) => (values.has(later) ? values.get(later) : LATER)) as Known<T>;
    const problems = argsProblems(seen, rules, constraints);
    if (problems.length === 0) return;
    const hidden = pathsOf(args, secrets);
    const words = [...secrets].flatMap((later) => wordsOf(values.get(later)));
    throw new InvalidArgs(
      component,
      name,
      problems
        .map((problem) => (hidden.some((path) => isIn(problem.path, path)) ? hide(problem) : problem))
        .map((problem) => ({ ...problem, reason: without(words, problem.reason) })),
    );
  };
  check();
  return view(args, (later) => {
    const output = pulumi.output(later);
    return output.apply(async (value) => {
      if (await pulumi.isSecret(output)) secrets.add(later);
      values.set(later, value);
      check();
      return value;
    });
  }) as T;
}

/** Every problem of the args: each property by itself, then those that lie between them. */
export function argsProblems<T extends object>(
  args: Known<T>,
  rules: Rules<T>,
  constraints: readonly Constraint<T>[] = [],
): readonly Problem[] {
  const own = findProblems(rules, args as object);
  // A rule between properties may count on each being what it should be: what isn't is to it as if it were not known.
  const broken = own.map(({ path }) => [path.split(".")[0], LATER] as const);
  const sound = { ...(args as object), ...Object.fromEntries(broken) } as Known<T>;
  return [...own, ...constraints.flatMap(({ problems }) => problems(sound))];
}

/** A copy with what is an output or a promise exchanged; resources and assets stay what they are. */
function view(value: unknown, exchange: (later: object) => unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (pulumi.Output.isInstance(value) || value instanceof Promise) return exchange(value);
  if (Array.isArray(value)) return value.map((item) => view(item, exchange));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, view(item, exchange)]));
}

/** Where the given outputs stand in the args. */
function pathsOf(value: unknown, wanted: ReadonlySet<object>, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (wanted.has(value)) return [path];
  if (!Array.isArray(value) && !isPlain(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    pathsOf(item, wanted, path === "" ? key : `${path}.${key}`),
  );
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isIn(path: string, other: string): boolean {
  return path === other || path.startsWith(`${other}.`);
}

function hide(problem: Problem): Problem {
  return { ...problem, value: SECRET };
}

const SECRET = "[secret]";

/** A secret as a reason may have it: a rule of one property may be told by the words of a file that names another. */
function wordsOf(value: unknown): string[] {
  if (typeof value === "number") return [String(value)];
  if (typeof value !== "string" || value === "") return [];
  return [value, JSON.stringify(value).slice(1, -1)];
}

function without(words: readonly string[], text: string): string {
  return words.reduce((left, word) => left.replaceAll(word, SECRET), text);
}

function printProblem({ path, value, reason }: Problem): string {
  const shown = value === SECRET ? value : JSON.stringify(value);
  return `  ${path} is ${value === undefined ? "missing" : shown}: ${reason}`;
}
