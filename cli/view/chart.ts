import { rounded } from "./figures";

/** Enough for a step to look like one. */
const SAMPLES = 61;
/** Fewer are told as well by the table. */
const LEAST = 3;
/** The first line's colour and the second's: Mermaid's own are hardly seen. */
const COLOURS = ["#0969da", "#bc4c00"];

/** What a figure was from some moment on. */
export interface Point {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly figure: number;
}

/** A chart of one figure or two over a time. */
export interface Chart {
  readonly title: string;
  /** Of the figures. */
  readonly unit: string;
  /** Oldest first: of the generation, and of what serves where it is compared with that. */
  readonly lines: readonly (readonly Point[])[];
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/**
 * The chart as Mermaid's, in Markdown; none where there is nothing to be seen in it. Its points lie at equal distances, so the figures are
 * sampled: each holds until the next.
 */
export function mermaidChart({ title, unit, lines, from, to }: Chart): string | undefined {
  const drawn = lines.filter((points) => points.length > 0).map((points) => samples(points, from, to));
  const highest = Math.max(0, ...drawn.flat());
  if (to <= from || (lines[0]?.length ?? 0) < LEAST || highest === 0) return undefined;
  const [span, unitOfTime] = inWords(to - from);
  const theme = { themeVariables: { xyChart: { plotColorPalette: COLOURS.join(", ") } } };
  return [
    "```mermaid",
    `%%{init: ${JSON.stringify(theme)}}%%`,
    "xychart-beta",
    `  title "${title}${drawn.length > 1 ? "; orange: of what serves" : ""}"`,
    `  x-axis "${unitOfTime}" 0 --> ${rounded(span)}`,
    `  y-axis "${unit}" 0 --> ${Math.max(1, Math.ceil(highest))}`,
    ...drawn.map((figures) => `  line [${figures.map(rounded).join(", ")}]`),
    "```",
  ].join("\n");
}

function samples(points: readonly Point[], from: number, to: number): number[] {
  return Array.from({ length: SAMPLES }, (_, index) => {
    const time = from + ((to - from) * index) / (SAMPLES - 1);
    return (points.filter(({ at }) => at <= time).at(-1) ?? points[0])?.figure ?? 0;
  });
}

/** In the largest unit that the time has three of. */
function inWords(milliseconds: number): [number, string] {
  const units = [
    [86_400_000, "days"],
    [3_600_000, "hours"],
    [60_000, "minutes"],
  ] as const;
  const [size, name] = units.find(([one]) => milliseconds >= 3 * one) ?? [1_000, "seconds"];
  return [milliseconds / size, name];
}
