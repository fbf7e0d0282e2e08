import type { Finding } from "../../providers/drift/finding";
import { escaped } from "./markdown";

export interface StackDrift {
  readonly stack: string;
  readonly findings: readonly Finding[];
}

const HINT = "`pulumi up` puts back what is declared; `pulumi refresh` takes what is there into the state.";

/** For a terminal. */
export function driftLines(stacks: readonly StackDrift[]): string[] {
  const lines = stacks.flatMap(({ stack, findings }) => [
    `${stack}: ${countOf(findings)}`,
    ...findings.map(({ sentence }) => `  ${sentence}`),
  ]);
  return hasDrift(stacks) ? [...lines, "", HINT] : lines;
}

/** For an issue or a job's summary. */
export function driftMarkdown(stacks: readonly StackDrift[]): string[] {
  const sections = stacks.map(({ stack, findings }) =>
    [
      `### ${escaped(stack)}: ${countOf(findings)}`,
      findings.map(({ sentence }) => `- ${escaped(sentence)}`).join("\n"),
    ]
      .filter((part) => part !== "")
      .join("\n\n"),
  );
  return [[...sections, ...(hasDrift(stacks) ? [HINT] : [])].join("\n\n")];
}

function hasDrift(stacks: readonly StackDrift[]): boolean {
  return stacks.some(({ findings }) => findings.length > 0);
}

function countOf({ length }: readonly Finding[]): string {
  if (length === 0) return "nothing diverged";
  return length === 1 ? "1 thing diverged" : `${length} things diverged`;
}
