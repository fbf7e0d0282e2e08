import { alike } from "../generations/alike";

/** What the output of a sample job has to be. */
export interface Expectation {
  /** Lines of the output. */
  readonly expectedRows?: number;
  /** Values in each line. */
  readonly columns?: number;
  /** Lines that have to be there, in any order; numbers may differ in the seventh digit. */
  readonly expected?: readonly (readonly unknown[])[];
}

/** What stands between the values of a line: a comma where a model scores by itself, a space where a script's table is written. */
export type Separator = "," | " ";

/**
 * What is wrong with an output, if anything. No line at all is wrong in any case: a job passes over files that can't be scored.
 *
 * @param lines without empty ones
 */
export async function unexpectedLines(
  lines: AsyncIterable<string> | Iterable<string>,
  separator: Separator,
  { expectedRows, columns, expected = [] }: Expectation,
): Promise<string | undefined> {
  let missing = [...expected];
  let rows = 0;
  for await (const line of lines) {
    rows += 1;
    const values = valuesIn(line, separator);
    if (columns !== undefined && values.length !== columns)
      return `line ${rows} of the output has ${values.length} values, expected ${columns}`;
    const found = missing.findIndex((one) => isLine(values, one));
    missing = missing.filter((_, index) => index !== found);
  }
  if (rows === 0) return "the output has no lines";
  if (expectedRows !== undefined && rows !== expectedRows)
    return `the output has ${rows} lines, expected ${expectedRows}`;
  const [first] = missing;
  return first === undefined
    ? undefined
    : `${missing.length} of ${expected.length} expected lines are not in the output, ${JSON.stringify(first)} for instance`;
}

/** The values of a line; one with the separator in it stands in double quotes, which are doubled in it. */
export function valuesIn(line: string, separator: Separator): string[] {
  const value = separator === "," ? /("(?:[^"]|"")*"|[^,]*)(,|$)/g : /("(?:[^"]|"")*"|[^ ]*)( |$)/g;
  const values: string[] = [];
  for (const [, text = "", end] of line.matchAll(value)) {
    values.push(text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);
    if (end === "") break;
  }
  return values;
}

function isLine(values: readonly string[], expected: readonly unknown[]): boolean {
  return (
    values.length === expected.length &&
    expected.every((one, index) => alike(asKind(values[index] ?? "", one), one))
  );
}

/** The text as what it is compared with. */
function asKind(text: string, expected: unknown): unknown {
  if (typeof expected === "string") return text;
  if (expected === null) return text === "" ? null : text;
  // Python writes True.
  if (typeof expected === "boolean") return /^(true|false)$/i.test(text) ? /^true$/i.test(text) : text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
