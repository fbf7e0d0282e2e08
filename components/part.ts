import { LATER, rule, type Problem, type Rule, type Rules } from "../providers/rules";
import { argsProblems, isKnown, type Constraint, type Known } from "./args";

/** A component as a part of a bigger one, which gives it some of its args itself. */
export interface Part<Args extends object, Given extends keyof Args> {
  readonly component: string;
  readonly rules: Rules<Args>;
  readonly constraints: readonly Constraint<Args>[];
  readonly given: readonly Given[];
}

export function part<Args extends object, Given extends keyof Args & string>(
  component: string,
  rules: Rules<Args>,
  constraints: readonly Constraint<Args>[],
  given: readonly Given[],
): Part<Args, Given> {
  return { component, rules, constraints, given };
}

/** The shape of an arg that is handed on to a part, whose own rules say the rest: `partProblems`. */
export function partRule({ component }: { readonly component: string }): Rule {
  return rule(
    (value) => typeof value === "object" && value !== null,
    `an object, as ${component} takes it, without what the stack gives`,
  );
}

/**
 * Every problem of a part's args, by the part's own rules.
 *
 * @param path where the part's args stand in the whole's
 * @param known what the whole gives it and knows already
 */
export function partProblems<Args extends object, Given extends keyof Args & string>(
  { rules, constraints, given }: Part<Args, Given>,
  path: string,
  args: Known<Omit<Args, Given>> | undefined,
  known: Partial<Known<Args>> = {},
): readonly Problem[] {
  if (args === undefined || !isKnown(args)) return [];
  const own = args as Readonly<Record<string, unknown>>;
  const required = given.filter((key) => rules[key].about?.optional !== true);
  const later = Object.fromEntries(required.map((key) => [key, LATER]));
  const problems = [
    ...given
      .filter((key) => own[key] !== undefined)
      .map((key) => ({ path: key, value: own[key], reason: "the stack gives it" })),
    ...argsProblems({ ...own, ...later, ...known } as Known<Args>, rules, constraints),
  ];
  return problems.map((problem) => ({ ...problem, path: `${path}.${problem.path}` }));
}

/** The same for parts by name. */
export function partsProblems<Args extends object, Given extends keyof Args & string>(
  kind: Part<Args, Given>,
  path: string,
  parts: Readonly<Record<string, Known<Omit<Args, Given>>>> | undefined,
  known: Partial<Known<Args>> = {},
): readonly Problem[] {
  return Object.entries(parts ?? {}).flatMap(([name, args]) =>
    partProblems(kind, `${path}.${name}`, args, known),
  );
}
