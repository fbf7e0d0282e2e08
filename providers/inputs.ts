import type { dynamic } from "@pulumi/pulumi";
import { isDeepStrictEqual } from "node:util";
import { findProblems, type Rules } from "./rules";

/** Inputs as Pulumi passes them: with the serialized provider among them. */
type Passed<T> = T & { readonly __provider?: unknown };

/** The program's own inputs. */
export function withoutProvider<T extends object>(passed: Passed<T>): T {
  return Object.fromEntries(Object.entries(passed).filter(([key]) => key !== "__provider")) as T;
}

/** What breaks the rules, as `check` tells Pulumi. */
export function checkFailures<T>(rules: Rules<T>, inputs: object): dynamic.CheckFailure[] {
  return findProblems(rules, inputs).map(({ path, value, reason }) => ({
    property: path,
    reason: value === undefined ? `it is missing; ${reason}` : `it is ${JSON.stringify(value)}; ${reason}`,
  }));
}

/** Which of the properties differ; an empty object or undefined are both "not declared". */
export function changedKeys<T extends object>(
  olds: T,
  news: T,
  keys: readonly (keyof T & string)[],
): string[] {
  return keys.filter((key) => !isDeepStrictEqual(declared(olds[key]), declared(news[key])));
}

function declared(value: unknown): unknown {
  const empty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
  return empty || value === null ? undefined : value;
}

/** One line of progress; the engine shows what the provider process writes to stderr. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Without the keys whose value is undefined, which a state can't hold. */
export function present<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;
}
