const BARS = "▁▂▃▄▅▆▇█";

/** The newest figures, a character each, the highest the full height; a gap where there is none. */
export function sparkline(figures: readonly (number | undefined)[], width: number): string {
  const newest = figures.slice(-width);
  const highest = Math.max(...newest.map((figure) => figure ?? 0));
  return newest
    .map((figure) => {
      if (figure === undefined) return " ";
      const height = highest <= 0 ? 0 : Math.round((figure / highest) * (BARS.length - 1));
      return BARS[Math.max(0, height)] ?? " ";
    })
    .join("")
    .padStart(width);
}
