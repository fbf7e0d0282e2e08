import { logicalName } from "../../providers/drift/names";
import type { Assessed } from "../../providers/preview/assess";

/** Resources that a graph shows; more are no picture any more. */
const MOST = 40;

const COLOURS = {
  create: "fill:#d4f4dd,stroke:#1a7f37,color:#000",
  update: "fill:#fff1cc,stroke:#9a6700,color:#000",
  replace: "fill:#e9d8fd,stroke:#6639ba,color:#000",
  delete: "fill:#ffd7d5,stroke:#cf222e,color:#000",
} as const;

/**
 * What is touched, as Mermaid draws it: an arrow leads from what something depends on to it, and a box is the component that something is in. The gravest are shown
 * first where there are too many.
 */
export function mermaid(changes: readonly Assessed[]): string[] {
  const parents = new Set(changes.map(({ parent }) => parent));
  // A component is the box around what is in it.
  const touched = changes.filter(({ urn, isComponent }) => !isComponent || !parents.has(urn));
  const shown = [...touched].sort((one, other) => weight(other) - weight(one)).slice(0, MOST);
  const ids = new Map(shown.map(({ urn }, at) => [urn, `n${at}`]));
  const node = ({ urn, type, op }: Assessed): string =>
    `${ids.get(urn)}["${label(type)}<br/>${plain(logicalName(urn))}"]:::${op}`;
  const isBoxed = ({ parent = "" }: Assessed): boolean =>
    parent !== "" && !isStack(parent) && !ids.has(parent);
  const boxes = [...new Set(shown.filter(isBoxed).map(({ parent = "" }) => parent))].map((parent, at) => [
    `  subgraph c${at}["${label(typeOf(parent))} ${plain(logicalName(parent))}"]`,
    ...shown.filter((change) => change.parent === parent).map((change) => `    ${node(change)}`),
    "  end",
  ]);
  const edges = shown.flatMap(({ urn, dependencies }) =>
    dependencies.flatMap((on) => (ids.has(on) ? [`  ${ids.get(on)} --> ${ids.get(urn)}`] : [])),
  );
  const classes = Object.entries(COLOURS)
    .filter(([op]) => shown.some((change) => change.op === op))
    .map(([op, style]) => `  classDef ${op} ${style}`);
  const rest = touched.length - shown.length;
  return [
    "```mermaid",
    "flowchart LR",
    ...boxes.flat(),
    ...shown.filter((change) => !isBoxed(change)).map((change) => `  ${node(change)}`),
    ...edges,
    ...(rest === 0 ? [] : [`  rest["and ${rest} more"]`]),
    ...classes,
    "```",
  ];
}

/** The type token in a URN, without those of what it is in. */
function typeOf(urn: string): string {
  const types = urn.split("::")[2] ?? "";
  return types.slice(types.lastIndexOf("$") + 1);
}

function isStack(urn: string): boolean {
  return typeOf(urn) === "pulumi:pulumi:Stack";
}

function weight({ risks }: Assessed): number {
  return risks.length === 0 ? 0 : { low: 1, medium: 2, high: 3 }[risks[0]?.level ?? "low"];
}

/** `azure-native:storage:StorageAccount` is a `StorageAccount`. */
function label(type: string): string {
  return plain(type.slice(type.lastIndexOf(":") + 1));
}

/** Nothing that means something to Mermaid. */
function plain(text: string): string {
  return text.replace(/[^\w .-]/g, "_").slice(0, 60);
}
