import { text, UNKNOWN } from "../rules";

export const digestRule = text("a SHA-256 digest: 64 hexadecimal digits in lower case", /^[0-9a-f]{64}$/);

/**
 * Why the files are not those that the program expects.
 *
 * @param digest of the files, where it is known
 * @param expected the only digest that may be registered; any where there is none
 * @returns nothing where they are, or where one of both isn't known yet
 */
export function otherThanExpected(
  digest: string | undefined,
  expected: string | undefined,
): string | undefined {
  if (digest === undefined || expected === undefined || digest === expected) return undefined;
  if (digest === UNKNOWN || expected === UNKNOWN) return undefined;
  return `the model's digest is ${digest}, and ${expected} is expected: prove this model first, then expect its digest, or take the model that was proven`;
}
