const MOST_LINES = 4;
const LONGEST = 400;

/** What pip says of its failure, short: its error lines, or the end of what it printed. */
export function pipErrors(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  const errors = [...new Set(lines.filter((line) => line.startsWith("ERROR: ")))];
  const told = errors.length > 0 ? errors.slice(0, MOST_LINES) : lines.filter(Boolean).slice(-MOST_LINES);
  return told
    .map((line) => line.replace(/^ERROR: /, "").replace(/ \(from versions: .{80,}\)/, ""))
    .map((line) => (line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line))
    .join("\n");
}
