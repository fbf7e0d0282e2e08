import type { Action } from "./types";

/** The run fails for something that somebody has to mend, and that the generation is not refused for. */
export function failUntilMended(reason: string): Action {
  return { kind: "fail", reason, tryThis: "the same command again when that is mended" };
}
