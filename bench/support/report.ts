import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../tools/paths";

/** One measured figure. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit:
    | "s"
    | "ms"
    | "MB"
    | "×"
    | "requests/s"
    | "requests"
    | "rows/s"
    | "rows"
    | "σ"
    | "kills"
    | "rollouts"
    | "deployments";
  /** What it should be, in words; absent where there is none. */
  readonly bar?: string;
  /** Whether it is so. */
  readonly holds?: boolean;
  /** The same figure of what it is compared with, measured in the same run. */
  readonly peer?: string;
}

/** Prints the figures as a table and writes them to `bench/results/NAME.json`. */
export function report(name: string, figures: readonly Figure[]): void {
  const rows = figures.map(({ name: label, value, unit, bar = "", holds, peer = "" }) => [
    label,
    `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ${unit}`,
    peer,
    bar,
    holds === undefined ? "" : holds ? "holds" : "DOES NOT HOLD",
  ]);
  const header = ["figure", "value", "peer", "bar", ""];
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  process.stdout.write(`${[header, ...rows].map(line).join("\n")}\n`);
  const folder = join(packageRoot(), "bench", "results");
  mkdirSync(folder, { recursive: true });
  const content = { cores: cpus().length, node: process.version, figures };
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(content, undefined, 2)}\n`);
}

/** The middle one of the values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** How long the work took, in seconds, and what it gave. */
export async function timed<T>(
  work: () => Promise<T>,
): Promise<{ readonly seconds: number; readonly result: T }> {
  const begun = performance.now();
  const result = await work();
  return { seconds: (performance.now() - begun) / 1000, result };
}
