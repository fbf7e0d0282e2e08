import type { Outcome } from "../providers/rollout/commands";

/** What was asked for: it goes to stdout, progress goes to stderr. */
export function print(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

export function printEnding({ generation, ending }: Outcome): void {
  if (ending.kind === "fail") print(`${generation}: ${ending.reason}`);
  else print(`${generation}: ${ending.phase}${ending.why === undefined ? "" : `: ${ending.why}`}`);
}
