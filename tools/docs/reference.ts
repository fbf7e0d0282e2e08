import { format, resolveConfig } from "prettier";
import { join } from "node:path";
import type { Constraint } from "../../components/args";
import type { Rule } from "../../providers/rules";
import type { ArgumentCases } from "../../test/helpers/argument-cases";
import { casesIn } from "../../test/helpers/case-files";
import { sourcedShapes, type RuleCases } from "../../test/helpers/rule-cases";
import { packageRoot } from "../paths";
import { declarationsIn } from "./declarations";
import { policiesPage } from "./policies";
import { fileOf, indexOf, pageOf, undocumented, type RuleInWords, type Subject } from "./page";

/** The reference's folder. */
export const referenceFolder = join(packageRoot(), "docs", "reference");

/** Every component, by name. */
export function subjects(): readonly Subject[] {
  const declarations = declarationsIn(join(packageRoot(), "components"));
  const cases = casesIn<ArgumentCases<Record<string, unknown>>>("arguments");
  const components = [...declarations.values()].filter(
    ({ kind, of }) => kind === "class" && of.endsWith("Args"),
  );
  return components
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map((component) => {
      const rules: Readonly<Record<string, Rule>> =
        cases.find((each) => each.component === component.name)?.rules ?? {};
      return { component, declarations, rules, azureRules: azureRulesOf(component.name, rules) };
    });
}

/** Shapes that Azure prescribes, then what it asks of arguments together, in the words that wrong args are refused with. */
function azureRulesOf(component: string, rules: Readonly<Record<string, Rule>>): RuleInWords[] {
  const shapes = sourcedShapes(rules).map(({ path, allowed, source }) => ({
    path,
    says: `must be ${allowed}`,
    source,
  }));
  const found = casesIn<RuleCases<object>>("rules").filter((each) => each.component === component);
  const cases = found.flatMap((each) => each.cases);
  const constraints = new Map(found.flatMap((each) => (each.constraints ?? []).map((one) => [one.id, one])));
  const between = [...constraints.values()].map((constraint) => inWords(constraint, cases));
  return [...shapes, ...between];
}

function inWords(
  { id, source, problems }: Constraint<object>,
  cases: RuleCases<object>["cases"],
): RuleInWords {
  const told = cases
    .filter(({ rule }) => rule === id)
    .flatMap(({ right, wrong, path }) =>
      problems({ ...right, ...wrong }).filter((problem) => problem.path === path),
    );
  const [first] = told;
  if (first === undefined) throw new Error(`test/rules/ has no case that ${id} refuses`);
  return { path: first.path, says: wordsOf(first.reason), source };
}

/** Reasons may name a file of the case, which is somewhere else on every machine. */
function wordsOf(reason: string): string {
  return reason.replace(/^it must/, "must").replaceAll(`${packageRoot()}/`, "");
}

/** The reference's files by name, as they should be. */
export async function reference(): Promise<ReadonlyMap<string, string>> {
  const all = subjects();
  const pages = new Map(all.map((subject) => [fileOf(subject.component.name), pageOf(subject)]));
  pages.set("README.md", indexOf(all.map(({ component }) => component)));
  pages.set("policies.md", policiesPage());
  const config = await resolveConfig(join(packageRoot(), "package.json"));
  const formatted = [...pages].map(async ([name, text]) => {
    return [name, await format(text, { ...config, parser: "markdown" })] as const;
  });
  return new Map(await Promise.all(formatted));
}

/** Arguments without a docstring. */
export function undocumentedArguments(): readonly string[] {
  return [...new Set(subjects().flatMap(undocumented))].sort();
}
