import { logicalName, nameOf } from "../../providers/drift/names";
import { pathText } from "../../providers/drift/shown";
import type { Assessed } from "../../providers/preview/assess";
import type { Operation, PolicyResult } from "../../providers/preview/engine-json";
import { LEVELS, type Risk } from "../../providers/preview/risk";
import type { StackReport } from "../preview-report/stack-report";
import { code, escaped } from "./markdown";
import { mermaid } from "./preview-graph";
import { shownValue } from "./preview-json";

/** Characters of a comment: GitHub's and Azure DevOps's own limits, with room for what a workflow puts around. */
export const LIMITS = { github: 65_000, "azure-devops": 149_000 } as const;

/** By this line a workflow finds its comment again, to edit it in place. */
export const MARK = "<!-- pulumi-azureml preview-report -->";

const DONE: Readonly<Record<string, string>> = {
  create: "created",
  update: "changed",
  replace: "replaced",
  delete: "deleted",
};
const OPS = Object.keys(DONE) as Operation[];
const SIGNS = { high: "🔴", medium: "🟠", low: "🟡" } as const;

/** How much is shown. What a part that is left out held is said in its place. */
interface Detail {
  readonly properties: "all" | "risky" | "none";
  readonly graph: boolean;
  readonly changes: boolean;
}

/** From everything to the least that a reviewer needs. */
const DETAILS: readonly Detail[] = [
  { properties: "all", graph: true, changes: true },
  { properties: "all", graph: false, changes: true },
  { properties: "risky", graph: false, changes: true },
  { properties: "none", graph: false, changes: true },
  { properties: "none", graph: false, changes: false },
];

/**
 * The report of several stacks, in as many characters as the limit lets. First what it does to those who use the models, then what is risky,
 * then each change, folded.
 */
export function reportMarkdown(stacks: readonly StackReport[], limit: number): string {
  for (const detail of DETAILS) {
    const text = render(stacks, detail);
    if (text.length <= limit) return text;
  }
  const note = "\n\n**Cut here, for its length: the whole is in `--format json`.**";
  const text = render(stacks, DETAILS.at(-1) ?? { properties: "none", graph: false, changes: false });
  const lines = text.slice(0, limit - note.length).split("\n");
  return lines.slice(0, -1).join("\n") + note;
}

function render(stacks: readonly StackReport[], detail: Detail): string {
  return [
    MARK,
    `## Preview of ${stacks.map(({ stack }) => code(stack)).join(", ")}`,
    overview(stacks),
    ...stacks.flatMap((stack) => section(stack, detail)),
  ].join("\n\n");
}

function overview(stacks: readonly StackReport[]): string {
  const rows = stacks.map((stack) => {
    const counts = OPS.map((op) => String(stack.changes.filter((change) => change.op === op).length));
    const risk = stack.risk === undefined ? "none" : `${SIGNS[stack.risk]} ${stack.risk}`;
    return `| ${[code(stack.stack), ...counts, String(stack.same), risk, policyCount(stack)].join(" | ")} |`;
  });
  return [
    `| stack | ${OPS.map((op) => DONE[op]).join(" | ")} | unchanged | risk | policies |`,
    "| --- | --: | --: | --: | --: | --: | --- | --- |",
    ...rows,
  ].join("\n");
}

function policyCount({ policies }: StackReport): string {
  if (policies === undefined) return "not told";
  if (policies.length === 0) return "none violated";
  const mandatory = policies.filter(({ level }) => level === "mandatory").length;
  return `${mandatory} mandatory, ${policies.length - mandatory} advisory`;
}

function section(stack: StackReport, detail: Detail): string[] {
  const { errors, warnings, changes, policies = [] } = stack;
  return [
    `### ${code(stack.stack)}`,
    ...(errors.length === 0
      ? []
      : [`**The preview failed**\n\n${list(errors.map((error) => escaped(failure(error, policies))))}`]),
    ...users(stack),
    ...risks(changes),
    ...violations(policies),
    ...(warnings.length === 0 ? [] : [`**Warnings**\n\n${list(warnings.map(escaped))}`]),
    ...(changes.length === 0 ? ["Nothing changes."] : allChanges(changes, detail)),
  ];
}

/** The engine says no more than `preview failed` where policies refuse it. */
function failure(error: string, policies: readonly PolicyResult[]): string {
  const isRefused = policies.some(({ level }) => level === "mandatory");
  return isRefused && error === "preview failed" ? "mandatory policies refuse it" : error;
}

/** What is only advised is folded: it stops nothing, and may be long. */
function violations(policies: readonly PolicyResult[]): string[] {
  const advised = policies.filter(({ level }) => level === "advisory");
  const others = policies.filter(({ level }) => level !== "advisory");
  return [
    ...(others.length === 0 ? [] : [`**Policies**\n\n${list(others.map(violation))}`]),
    ...(advised.length === 0
      ? []
      : [details(`${advised.length} advised by policies`, list(advised.map(violation)))]),
  ];
}

function violation({ level, policy, urn, message }: PolicyResult): string {
  const on = urn === "" ? "" : ` on ${code(logicalName(urn))}`;
  // The engine joins a policy's description and what it reports, which begins with its id.
  const text = message.replace(/\s+/g, " ").replace(` ${policy}: `, ": ");
  return `${escaped(level)} ${code(policy)}${on}: ${escaped(text)}`;
}

function users({ effects, registered, notes }: StackReport): string[] {
  const sentences = [
    ...effects.map(({ sentence }) => sentence),
    ...registered.map(
      ({ version: { model, from, to }, asked: { expected } }) =>
        `model ${code(model)}: ${from === undefined ? to : `${from} → ${to}`} is registered (${expected === undefined ? "version unknown: Azure was not asked" : `${expected} expected`}), and served by no rollout of this stack`,
    ),
  ];
  const said = notes.length === 0 ? [] : [details("What the providers say", list(notes.map(escaped)))];
  if (sentences.length === 0 && said.length === 0) return [];
  const heading = "**For those who use the models**";
  return [
    `${heading}\n\n${sentences.length === 0 ? "They get the same answers as before." : list(sentences)}`,
    ...said,
  ];
}

function risks(changes: readonly Assessed[]): string[] {
  const found = changes
    .flatMap((change) => change.risks.map((risk) => ({ change, risk })))
    .sort((one, other) => LEVELS.indexOf(other.risk.level) - LEVELS.indexOf(one.risk.level));
  if (found.length === 0) return [];
  return [`**Risks**\n\n${list(found.map(({ change, risk }) => riskText(change, risk)))}`];
}

function riskText(change: Assessed, { level, reason }: Risk): string {
  return `${SIGNS[level]} ${level}: ${escaped(nameOf({ ...change }))} is ${DONE[change.op] ?? change.op}: ${escaped(reason)}`;
}

function allChanges(changes: readonly Assessed[], detail: Detail): string[] {
  const graph = detail.graph ? [details("What is touched", mermaid(changes).join("\n"))] : [];
  const left = [
    ...(detail.graph ? [] : ["the graph"]),
    ...(detail.changes ? [] : [`${changes.length} changes`]),
    ...(detail.changes && detail.properties !== "all"
      ? [detail.properties === "risky" ? "properties of what is not risky" : "properties"]
      : []),
  ];
  const groups = detail.changes
    ? OPS.flatMap((op) => {
        const own = changes.filter((change) => change.op === op);
        if (own.length === 0) return [];
        return [details(`${own.length} ${DONE[op]}`, own.map((each) => changeText(each, detail)).join("\n"))];
      })
    : [];
  const note =
    left.length === 0 ? [] : [`Left out for length: ${left.join(", ")}; \`--format json\` has them.`];
  return [...groups, ...graph, ...note];
}

function changeText(change: Assessed, { properties }: Detail): string {
  const shown = properties === "all" || (properties === "risky" && change.risks.length > 0);
  const why = change.replacedFor.length === 0 ? "" : `, for ${change.replacedFor.map(code).join(", ")}`;
  return [
    `- ${escaped(nameOf({ ...change }))}${why}`,
    ...(shown
      ? change.properties.map(
          ({ path, declared, live }) =>
            `  - ${code(pathText(path))}: ${code(shownValue(declared, path))} → ${code(shownValue(live, path))}`,
        )
      : []),
  ].join("\n");
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}

function details(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}
