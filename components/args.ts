import * as pulumi from "@pulumi/pulumi";
import { findProblems, type Problem, type Rules } from "../providers/rules";

/** Args that a component can't be made of. Pulumi prints the message alone, without a stack trace. */
export class InvalidArgs extends pulumi.RunError {
  constructor(
    component: string,
    name: string,
    readonly problems: readonly Problem[],
  ) {
    super(`${component} "${name}" can't be declared:\n${problems.map(printProblem).join("\n")}`);
  }
}

/**
 * Checks a component's args before any child is registered. Outputs pass: the providers check their values when there are some.
 *
 * @param further problems that lie between args
 * @throws InvalidArgs with every problem
 */
export function checkArgs<T extends object>(
  component: string,
  name: string,
  args: T,
  rules: Rules<T>,
  further: readonly Problem[] = [],
): void {
  const problems = [...findProblems(rules, args), ...further];
  if (problems.length > 0) throw new InvalidArgs(component, name, problems);
}

function printProblem({ path, value, reason }: Problem): string {
  return `  ${path} is ${value === undefined ? "missing" : JSON.stringify(value)}: ${reason}`;
}
