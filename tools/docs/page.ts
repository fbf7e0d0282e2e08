import type { Rule } from "../../providers/rules";
import type { Declaration, Declarations, Member } from "./declarations";

/** A rule of Azure's in words. */
export interface RuleInWords {
  /** The argument that is told when it is broken. */
  readonly path: string;
  /** `it must be …` */
  readonly says: string;
  readonly source: string;
}

/** What the page of a component is made of. */
export interface Subject {
  readonly component: Declaration;
  readonly declarations: Declarations;
  readonly rules: Readonly<Record<string, Rule>>;
  readonly azureRules: readonly RuleInWords[];
}

/** A type that the arguments name, with the rules of its properties. */
interface Section {
  readonly declaration: Declaration;
  readonly rules: Readonly<Record<string, Rule>>;
}

/** The page of a component, in Markdown. */
export function pageOf({ component, declarations, rules, azureRules }: Subject): string {
  const args = declared(declarations, component.of);
  const [first, ...others] = sectionsOf(declarations, { declaration: args, rules });
  return [
    `# ${component.name}`,
    component.docs,
    `\`\`\`ts\nimport { ${component.name} } from "pulumi-azureml";\n\`\`\``,
    "## Arguments",
    ...(isOmit(args) ? [withoutSome(declarations, args.of)] : []),
    ...(first === undefined ? [] : argumentsOf(first, "###")),
    ...others.flatMap((section) => [
      `## \`${section.declaration.name}\``,
      ...sectionText(declarations, section),
    ]),
    "## Outputs",
    ...component.members.map(
      ({ name, type, docs }) => `- \`${name}\`: ${code(type)}${docs === "" ? "" : `. ${docs}`}`,
    ),
    ...(component.methods.length === 0 ? [] : ["## Methods", ...component.methods.flatMap(methodText)]),
    ...(azureRules.length === 0 ? [] : ["## Azure's rules", RULES, rulesTable(azureRules)]),
  ].join("\n\n");
}

const RULES =
  "Args that break one are refused before anything is registered, all of them at once; an output as soon as it is known.";

/** The page that lists the components. */
export function indexOf(components: readonly Declaration[]): string {
  return [
    "# Reference",
    "Each component with every argument, made of its docstrings and its rules by `npm run docs`. An argument takes a value or another resource's output; one that has to be known when the program runs says _a plain value_.",
    ...components.map(
      ({ name, docs }) => `- [${name}](${fileOf(name)}): ${docs.split(/(?<=\.)\s/)[0] ?? ""}`,
    ),
  ].join("\n\n");
}

/** `ComputeCluster` is in `compute-cluster.md`. */
export function fileOf(component: string): string {
  return `${component.replace(/(?<=[a-z])[A-Z]/g, "-$&").toLowerCase()}.md`;
}

/** Arguments without a docstring: `WorkspaceArgs.location`. */
export function undocumented({ component, declarations, rules }: Subject): string[] {
  const args = declared(declarations, component.of);
  return sectionsOf(declarations, { declaration: args, rules }).flatMap(({ declaration }) =>
    declaration.members
      .filter(({ docs, type }) => docs === "" && !isKind(type))
      .map(({ name }) => `${declaration.name}.${name}`),
  );
}

/** A type of one value, which says it all: `"AzureBlob"`. */
function isKind(type: string): boolean {
  return /^"[^"]*"$/.test(type);
}

function declared(declarations: Declarations, name: string): Declaration {
  const found = declarations.get(name);
  if (found === undefined) throw new Error(`components/ exports no ${name}`);
  return found;
}

/** The section itself and those of the types below it, each once. */
function sectionsOf(declarations: Declarations, section: Section, seen = new Set<string>()): Section[] {
  const { declaration, rules } = section;
  if (seen.has(declaration.name)) return [];
  seen.add(declaration.name);
  const below = [
    ...(isOmit(declaration) ? [] : named(declarations, declaration.of)).map((inner) => ({
      inner,
      rule: rules[""],
    })),
    ...declaration.members.flatMap(({ name, type }) =>
      named(declarations, type).map((inner) => ({ inner, rule: rules[name] })),
    ),
  ];
  return [
    section,
    ...below.flatMap(({ inner, rule }) =>
      sectionsOf(declarations, { declaration: inner, rules: rulesOf(inner, rule) }, seen),
    ),
  ];
}

/** The declarations that a type names. */
function named(declarations: Declarations, type: string): Declaration[] {
  return [...new Set(type.match(/\b[A-Z]\w*/g) ?? [])]
    .map((name) => declarations.get(name))
    .filter((found): found is Declaration => found !== undefined && found.kind !== "class");
}

/** The rules of a type's properties; under `""` the rule of the whole, for an alias. */
function rulesOf(declaration: Declaration, rule: Rule | undefined): Readonly<Record<string, Rule>> {
  const { about } = rule ?? {};
  if (about === undefined) return {};
  if (about.items !== undefined) return rulesOf(declaration, about.items);
  if (declaration.kind === "alias") return rule === undefined ? {} : { "": rule };
  const kinds = declaration.members.flatMap(({ type }) => about.kinds?.[type.replace(/"/g, "")] ?? []);
  return about.properties ?? kinds[0]?.about?.properties ?? {};
}

function sectionText(declarations: Declarations, section: Section): string[] {
  const { declaration } = section;
  const docs = declaration.docs === "" ? [] : [declaration.docs];
  if (isOmit(declaration))
    return [...docs, withoutSome(declarations, declaration.of), ...argumentsOf(section, "###")];
  if (declaration.kind === "alias") return [...docs, code(declaration.of)];
  return [...docs, ...argumentsOf(section, "###")];
}

/** Whether the type is another component's args without some. */
function isOmit({ of, kind }: Declaration): boolean {
  return kind !== "class" && of.startsWith("Omit<");
}

function withoutSome(declarations: Declarations, omit: string): string {
  const [, type = "", keys = ""] = /^Omit<\s*(\w+),\s*(.*?),?\s*>$/s.exec(omit) ?? [];
  const left = keysOf(declarations, keys).map((key) => `\`${key}\``);
  const component = /^(\w+)Args$/.exec(type)?.[1];
  const whole = component === undefined ? `\`${type}\`` : `[${component}](${fileOf(component)}#arguments)`;
  return `All that ${whole} takes, without ${left.join(", ")}.`;
}

/** The texts of a union of texts and of names of such unions. */
function keysOf(declarations: Declarations, union: string): string[] {
  const parts = union.split("|").map((part) => part.trim());
  return parts.flatMap((part) => {
    if (part === "") return [];
    return part.startsWith('"') ? [part.slice(1, -1)] : keysOf(declarations, declared(declarations, part).of);
  });
}

function argumentsOf({ declaration, rules }: Section, heading: string): string[] {
  return declaration.members.flatMap((member) => [
    `${heading} \`${member.name}\``,
    `${code(member.type)}, ${member.optional ? "optional" : "required"}${isPlain(member) ? ", a plain value" : ""}`,
    member.docs,
    ...allowed(rules[member.name]),
  ]);
}

/** Whether an output won't do: it is needed when the program runs. */
function isPlain({ type }: Member): boolean {
  return /^(string|number|boolean|"[^"]*"( \| "[^"]*")*)$/.test(type);
}

function allowed(rule: Rule | undefined): string[] {
  const { about } = rule ?? {};
  if (about === undefined || ["an object", "text", "true or false", "a list"].includes(about.allowed))
    return [];
  const source = about.source === undefined ? "" : ` (${escaped(about.source)})`;
  return [`Must be ${escaped(about.allowed)}${source}.`];
}

function methodText({ name, type, docs }: Member): string[] {
  return [`### \`${name}\``, code(`${name}${type}`), docs];
}

function rulesTable(rules: readonly RuleInWords[]): string {
  const rows = rules.map(
    ({ path, says, source }) => `| \`${path}\` | ${escaped(says)} | ${escaped(source)} |`,
  );
  return ["| argument | rule | where Azure says so |", "| --- | --- | --- |", ...rows].join("\n");
}

/** A type without Pulumi's wrappers: every argument takes outputs, too. */
function code(type: string): string {
  let text = type
    .replace(/\bpulumi\.(Output|UnwrappedObject)</g, "Input<")
    .replace(/\bpulumi\.Input</g, "Input<");
  for (let before = ""; before !== text;) {
    before = text;
    text = text.replace(/\bInput<((?:[^<>]|<(?:[^<>]|<[^<>]*>)*>)*)>/, "$1");
  }
  return `\`${text.replace(/\bReadonly<(Record<[^<>]*>)>/g, "$1").replace(/\bpulumi\./g, "")}\``;
}

function escaped(text: string): string {
  return text.replace(/[\\`*_<>|[\]]/g, "\\$&");
}
