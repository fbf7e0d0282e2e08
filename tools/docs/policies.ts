import type { Covers, Rule } from "../../policies/rule";
import { rules } from "../../policies/rules";

/** The page of every rule, and what it covers of other people's controls. */
export function policiesPage(): string {
  return [
    "# Policies",
    "",
    "The rules of [the policy pack](../policies.md). Azure Policy: the built-in definition's id; MCSB: Microsoft cloud security benchmark.",
    "",
    "| rule | in prod | MCSB | Azure Policy | PSRule | Checkov | Trivy |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rules.map(rowOf),
    "",
    ...rules.flatMap(sectionOf),
  ].join("\n");
}

function rowOf({ id, levels, covers }: Rule): string {
  const columns: readonly (keyof Covers)[] = ["mcsb", "azurePolicy", "psRule", "checkov", "trivy"];
  const cells = columns.map((column) => (covers[column] ?? []).join(", "));
  return `| [\`${id}\`](#${id}) | ${[levels.prod, ...cells].join(" | ")} |`;
}

function sectionOf({ id, title, reason, fix, parameters }: Rule): string[] {
  const described = Object.entries(parameters ?? {}).map(
    ([name, { description = "" }]) => `- parameter \`${name}\`: ${description}`,
  );
  return [`## \`${id}\``, "", `${title}. ${reason}`, "", fix, "", ...described, ""];
}
