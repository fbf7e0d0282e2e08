import { attemptsIn, type Attempt } from "../../providers/rollout/attempts";
import type { HistoryEvent } from "../../providers/rollout/history";
import { duration } from "../../providers/rollout/words";
import { HEADINGS, historyCells } from "./history";

/** Points that a chart can have and still be read. */
const POINTS = 20;
const OUTCOMES = { promoted: "promoted", rolledBack: "rolled back", givenUp: "given up" } as const;

/** The history as Markdown, newest first, with charts that GitHub, GitLab and Azure DevOps draw. */
export function reportOf(endpoint: string, events: readonly HistoryEvent[]): string {
  const attempts = attemptsIn(events).reverse();
  const sections =
    attempts.length === 0 ? ["No history yet."] : [overview(attempts), ...attempts.map(section)];
  return `${[`# Rollouts of ${endpoint}`, ...sections].join("\n\n")}\n`;
}

function overview(attempts: readonly Attempt[]): string {
  const rows = attempts.map(({ generation, began, by, outcome, ended }) => [
    began.slice(0, 16).replace("T", " "),
    `\`${generation}\``,
    outcome === undefined ? "on its way" : OUTCOMES[outcome],
    ended === undefined ? "" : duration(Date.parse(ended.at) - Date.parse(began)),
    by,
    ended === undefined || outcome === "promoted" ? "" : ended.why,
  ]);
  return markdownTable(["began (UTC)", "generation", "outcome", "took", "by", "why"], rows);
}

function section(attempt: Attempt): string {
  const outcome = attempt.outcome === undefined ? "on its way" : OUTCOMES[attempt.outcome];
  return [
    `## ${attempt.generation}: ${outcome}`,
    ...weightChart(attempt),
    ...chart(attempt, "p95 latency", "milliseconds", ({ figures }) => figures?.candidate.latencyP95),
    ...chart(attempt, "answers other than 2xx", "percent", ({ figures }) => figures?.candidate.errorPercent),
    markdownTable(HEADINGS, attempt.events.map(historyCells)),
  ].join("\n\n");
}

function weightChart(attempt: Attempt): string[] {
  return chart(attempt, "share of the traffic", "percent", ({ traffic }) =>
    traffic === undefined ? undefined : (traffic[attempt.generation] ?? 0),
  );
}

/** One figure over the attempt; none where it has less than two points. */
function chart(
  { events, generation }: Attempt,
  title: string,
  unit: string,
  figureOf: (event: HistoryEvent) => number | undefined,
): string[] {
  const points = events
    .flatMap((event) => {
      const figure = figureOf(event);
      return figure === undefined ? [] : [{ at: event.at.slice(11, 19), figure }];
    })
    .slice(-POINTS);
  if (points.length < 2) return [];
  const highest = Math.max(...points.map(({ figure }) => figure));
  return [
    [
      "```mermaid",
      "xychart-beta",
      `  title "${generation}: ${title}"`,
      `  x-axis [${points.map(({ at }) => `"${at}"`).join(", ")}]`,
      `  y-axis "${unit}" 0 --> ${Math.max(1, Math.ceil(highest))}`,
      `  line [${points.map(({ figure }) => String(figure)).join(", ")}]`,
      "```",
    ].join("\n"),
  ];
}

function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replace(/\s+/g, " ").replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(headings), line(headings.map(() => "---")), ...rows.map(line)].join("\n");
}
