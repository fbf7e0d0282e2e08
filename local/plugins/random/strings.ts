import { randomInt } from "node:crypto";
import type { CheckFailure } from "../provider";

/** The arguments of RandomString and RandomPassword, with Pulumi's defaults made explicit. */
export interface StringArgs {
  readonly length: number;
  readonly lower: boolean;
  readonly upper: boolean;
  readonly numeric: boolean;
  readonly special: boolean;
  readonly minLower: number;
  readonly minUpper: number;
  readonly minNumeric: number;
  readonly minSpecial: number;
  /** Takes the place of the special characters. */
  readonly overrideSpecial: string;
}

const lowerCase = "abcdefghijklmnopqrstuvwxyz";
const specials = "!@#$%&*()-_=+[]{}<>:?";

/** @param pick a whole number from 0 up to but without its argument; by default a cryptographically strong one. */
export function randomString(args: StringArgs, pick: (below: number) => number = randomInt): string {
  const special = args.overrideSpecial === "" ? specials : args.overrideSpecial;
  const classes = [
    { characters: lowerCase, allowed: args.lower, least: args.minLower },
    { characters: lowerCase.toUpperCase(), allowed: args.upper, least: args.minUpper },
    { characters: "0123456789", allowed: args.numeric, least: args.minNumeric },
    { characters: special, allowed: args.special, least: args.minSpecial },
  ];
  const all = [...classes.filter(({ allowed }) => allowed).flatMap(({ characters }) => [...characters])];
  const one = (from: readonly string[]): string => from[pick(from.length)] ?? "";
  const chosen = classes.flatMap(({ characters, least }) =>
    Array.from({ length: least }, () => one([...characters])),
  );
  while (chosen.length < args.length) chosen.push(one(all));
  return shuffled(chosen, pick).join("");
}

/** Why no string can be made of these arguments. */
export function problemsOfString(args: StringArgs): CheckFailure[] {
  const least = args.minLower + args.minUpper + args.minNumeric + args.minSpecial;
  const failures: CheckFailure[] = [];
  const counts = ["length", "minLower", "minUpper", "minNumeric", "minSpecial"] as const;
  for (const name of counts) {
    if (!Number.isInteger(args[name]) || args[name] < 0)
      failures.push({
        property: name,
        reason: `'${name}' should be a whole number from 0 but is ${args[name]}`,
      });
  }
  if (failures.length > 0) return failures;
  if (args.length < 1)
    failures.push({ property: "length", reason: `'length' should be at least 1 but is ${args.length}` });
  else if (least > args.length)
    failures.push({
      property: "length",
      reason: `'length' is ${args.length} but minLower, minUpper, minNumeric and minSpecial ask for ${least} characters`,
    });
  else if (least < args.length && !args.lower && !args.upper && !args.numeric && !args.special) {
    failures.push({
      property: "special",
      reason: "one of 'lower', 'upper', 'numeric' and 'special' should be true: no character is allowed",
    });
  }
  return failures;
}

function shuffled(items: readonly string[], pick: (below: number) => number): string[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = pick(last + 1);
    [result[last], result[other]] = [result[other] ?? "", result[last] ?? ""];
  }
  return result;
}
