import type { Goal } from "./early-termination";
import type { SweepSpec, Trial } from "./sweep";

/** Trials that fail before any other is through, and the sweep with them: the next ones would fail as well. */
const FIRST_FAILURES = 3;

/** What a sweep does next. */
export type Step =
  /** Trials to begin; none where it waits for those that run. */
  { readonly kind: "run"; readonly begin: number } | { readonly kind: "end"; readonly failed: boolean };

/** @param most trials that there can be: of a grid its combinations */
export function nextStep(
  { maxTrials, maxConcurrent }: Pick<SweepSpec, "maxTrials" | "maxConcurrent">,
  trials: readonly Trial[],
  most: number,
): Step {
  const running = trials.filter(({ ended }) => ended === undefined).length;
  const failed = trials.filter(({ ended }) => ended === "Failed").length;
  const well = trials.length - running - failed;
  if (well === 0 && failed >= FIRST_FAILURES) return { kind: "end", failed: true };
  const left = Math.min(maxTrials, most) - trials.length;
  if (left <= 0 && running === 0) return { kind: "end", failed: well === 0 };
  return { kind: "run", begin: Math.max(0, Math.min(left, maxConcurrent - running)) };
}

/** The trial that did best of those that did not fail; the first of equals. Undefined where none has logged the metric. */
export function bestTrial(
  goal: Goal,
  trials: readonly Trial[],
): { readonly number: number; readonly score: number } | undefined {
  const sign = goal === "Maximize" ? 1 : -1;
  const scored = trials
    .filter(({ ended, metrics }) => ended !== "Failed" && metrics.length > 0)
    .map(({ number, metrics }) => ({ number, score: Math.max(...metrics.map((value) => sign * value)) }));
  const best = scored.reduce<(typeof scored)[number] | undefined>(
    (found, next) => (found === undefined || next.score > found.score ? next : found),
    undefined,
  );
  return best && { number: best.number, score: sign * best.score };
}
