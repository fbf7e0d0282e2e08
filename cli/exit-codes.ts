import type { Ending } from "../providers/rollout/run";
import type { Phase } from "../providers/rollout/types";

/** What a command ends with, for scripts. */
export const EXIT = {
  done: 0,
  /** It could not be done; the reason is on stderr. */
  failed: 1,
  /** The command line is not one of this command's. */
  usage: 2,
  /** The generation waits for promote or abort. */
  paused: 3,
  /** It held for as long as it may: the same command goes on. */
  advancing: 4,
  /** The generation is refused; or, of `whatserves`, something is not what it says. */
  refused: 5,
  /** Of `drift`: somebody else changed something. */
  drifted: 7,
  /** Of `preview-report`: something is as risky as `--fail-on` says. */
  risky: 6,
} as const;

export function exitOf(phase: Phase | undefined): number {
  if (phase === "Paused") return EXIT.paused;
  if (phase === "Advancing") return EXIT.advancing;
  return phase === "RolledBack" ? EXIT.refused : EXIT.done;
}

/** Of what went forward: a generation that was rolled back meanwhile is none that serves. */
export function exitOfEnding(ending: Ending): number {
  return ending.kind === "fail" ? EXIT.refused : exitOf(ending.phase);
}
