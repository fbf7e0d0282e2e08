import type { Link, Proof, Served } from "../../providers/lineage/types";

const MARKS: Readonly<Record<Proof, string>> = { verified: "✓", recorded: "~", missing: "–", broken: "✗" };
const WIDTH = Math.max(
  ...["deployment", "model", "digest", "run", "commit", "data"].map(({ length }) => length),
);

/** From the traffic to the data, a line a link, each marked by how far it is proven. */
export function servedLines(endpoint: string, served: readonly Served[]): string[] {
  if (served.length === 0) return [`${endpoint}: nothing has traffic`];
  return [
    ...served.flatMap(({ traffic, links }) => [`${traffic} % of ${endpoint}`, ...links.map(linkLine), ""]),
    "✓ verified   ~ recorded, nobody could be asked   – missing   ✗ the service says otherwise",
  ];
}

function linkLine({ what, value, proof, how }: Link): string {
  return `  ${MARKS[proof]} ${what.padEnd(WIDTH)}  ${[value, `(${how})`].filter((part) => part).join("  ")}`;
}
