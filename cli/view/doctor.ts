import type { Finding, Level } from "../../providers/doctor/finding";

const WORDS: Readonly<Record<Level, string>> = {
  ok: "ok",
  warning: "warning",
  problem: "PROBLEM",
  unknown: "not told",
};

/** A line for each finding, its repair below it, and how many of each there are. */
export function doctorLines(findings: readonly Finding[]): string[] {
  const about = Math.max(0, ...findings.map((finding) => finding.about.length));
  const level = Math.max(...Object.values(WORDS).map(({ length }) => length));
  const indent = " ".repeat(level + 2);
  return [
    ...findings.flatMap((finding) => [
      `${WORDS[finding.level].padEnd(level)}  ${finding.about.padEnd(about)}  ${finding.says}`,
      ...(finding.repair === undefined ? [] : [`${indent}→ ${finding.repair}`]),
    ]),
    "",
    summary(findings),
  ];
}

function summary(findings: readonly Finding[]): string {
  const levels: readonly Level[] = ["problem", "warning", "unknown", "ok"];
  return levels
    .map((level) => [findings.filter((finding) => finding.level === level).length, level] as const)
    .filter(([count]) => count > 0)
    .map(([count, level]) =>
      level === "ok" ? `${count} ok` : `${count} ${NOUNS[level]}${plural(level, count)}`,
    )
    .join(", ");
}

const NOUNS = { problem: "problem", warning: "warning", unknown: "not told" } as const;

function plural(level: Level, count: number): string {
  return level === "unknown" || count === 1 ? "" : "s";
}
