import type { HistoryEvent } from "../../providers/rollout/history";
import type { Traffic } from "../../providers/rollout/types";
import { rounded } from "./figures";
import { table } from "./table";

export const HEADINGS = [
  "when (UTC)",
  "event",
  "generation",
  "traffic",
  "requests",
  "errors",
  "p95",
  "by",
  "why",
];

/** The history as a table, oldest first. */
export function historyLines(events: readonly HistoryEvent[]): string[] {
  return events.length === 0 ? ["no history yet"] : table(HEADINGS, events.map(historyCells));
}

/** A row's cells, under `HEADINGS`. */
export function historyCells({ at, kind, generation, traffic, figures, by, why }: HistoryEvent): string[] {
  const { requests, errorPercent, latencyP95 } = figures?.candidate ?? {};
  return [
    at.slice(0, 19).replace("T", " "),
    KINDS[kind] ?? kind,
    generation ?? "",
    traffic === undefined ? "" : trafficText(traffic),
    requests === undefined ? "" : rounded(requests),
    errorPercent === undefined ? "" : `${rounded(errorPercent)} %`,
    latencyP95 === undefined ? "" : `${rounded(latencyP95)} ms`,
    by,
    why,
  ];
}

/** An event in a line, for those who follow. */
export function eventLine(event: HistoryEvent): string {
  const { at, kind, generation, why } = event;
  return [at.slice(11, 19), KINDS[kind] ?? kind, generation, why].filter((part) => part).join("  ");
}

const KINDS: Readonly<Record<HistoryEvent["kind"], string>> = {
  begun: "begun",
  deployed: "deployed",
  smoked: "smoked",
  step: "step",
  measured: "measured",
  paused: "paused",
  promoted: "promoted",
  rolledBack: "rolled back",
  givenUp: "given up",
  changed: "changed",
  deleted: "deleted",
  ended: "ended",
  failed: "failed",
};

function trafficText(traffic: Traffic): string {
  return Object.entries(traffic)
    .sort(([, one], [, other]) => other - one)
    .map(([name, percent]) => `${name} ${percent} %`)
    .join(", ");
}
