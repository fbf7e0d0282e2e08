import { duration } from "../generations/duration";
import type { Step } from "./types";

/** What a step gives the new generation, and for how long. */
export function stepText({ weight, mirror, bakeSeconds, pause }: Step): string {
  const what = mirror === undefined ? `${weight} %` : `mirror ${mirror} %`;
  return `${what} for ${duration(bakeSeconds * 1000)}${pause === true ? ", pause" : ""}`;
}
