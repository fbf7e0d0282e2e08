import { attemptsIn, type Attempt } from "../../providers/rollout/attempts";
import type { HistoryEvent } from "../../providers/rollout/history";
import type { Figures } from "../../providers/rollout/metrics";
import { duration } from "../../providers/generations/duration";
import { mermaidChart, type Point } from "./chart";
import { HEADINGS, historyCells } from "./history";

const OUTCOMES = { promoted: "promoted", rolledBack: "rolled back", givenUp: "given up" } as const;

/** The history as Markdown, newest first, with charts that GitHub and GitLab draw. */
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
  return [`## ${attempt.generation}: ${outcome}`, ...charts(attempt), eventTable(attempt)].join("\n\n");
}

function charts({ events, generation, began, ended }: Attempt): string[] {
  const points = (figureOf: (event: HistoryEvent) => number | undefined): Point[] =>
    events.flatMap((event) => {
      const figure = figureOf(event);
      return figure === undefined ? [] : [{ at: Date.parse(event.at), figure }];
    });
  const both = (of: (figures: Figures) => number | undefined): Point[][] => [
    points(({ figures }) => figures && of(figures.candidate)),
    points(({ figures }) => figures?.baseline && of(figures.baseline)),
  ];
  const share = points(({ traffic }) => traffic && (traffic[generation] ?? 0));
  const time = { from: Date.parse(began), to: Date.parse(ended?.at ?? events.at(-1)?.at ?? began) };
  return [
    mermaidChart({ title: "share of the traffic", unit: "percent", lines: [share], ...time }),
    mermaidChart({
      title: "p95 latency",
      unit: "milliseconds",
      lines: both(({ latencyP95 }) => latencyP95),
      ...time,
    }),
    mermaidChart({
      title: "answers other than 2xx",
      unit: "percent",
      lines: both(({ errorPercent }) => errorPercent),
      ...time,
    }),
  ].filter((chart) => chart !== undefined);
}

/** The events; of measurements in a row that say the same, the last. */
function eventTable({ events, generation }: Attempt): string {
  const groups = events.reduce<HistoryEvent[][]>((all, event) => {
    const last = all.at(-1);
    const isSame = last?.[0] !== undefined && verdictOf(event) === verdictOf(last[0]);
    return isSame && verdictOf(event) !== undefined
      ? [...all.slice(0, -1), [...last, event]]
      : [...all, [event]];
  }, []);
  const [when = "", what = "", , ...others] = HEADINGS;
  const rows = groups.map((group) => {
    const event = group[group.length - 1] as HistoryEvent;
    const [at = "", kind = "", about = "", ...rest] = historyCells(event);
    const times = group.length > 1 ? ` ${group.length} times` : "";
    return [at, `${kind}${times}${about === "" || about === generation ? "" : ` ${about}`}`, ...rest];
  });
  return markdownTable([when, what, ...others], rows);
}

function verdictOf({ kind, why }: HistoryEvent): string | undefined {
  return kind === "measured" ? why.split(":")[0] : undefined;
}

function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replace(/\s+/g, " ").replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(headings), line(headings.map(() => "---")), ...rows.map(line)].join("\n");
}
