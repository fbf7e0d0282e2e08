import type { Step } from "./types";

/** `90 s`, `12 min`, `3 h`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}

/** What a step gives the new generation, and for how long. */
export function stepText({ weight, mirror, bakeSeconds, pause }: Step): string {
  const what = mirror === undefined ? `${weight} %` : `mirror ${mirror} %`;
  return `${what} for ${duration(bakeSeconds * 1000)}${pause === true ? ", pause" : ""}`;
}
