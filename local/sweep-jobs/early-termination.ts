/** When a trial that does badly is ended. */
export type EarlyTermination = {
  /** Reports of the metric from one evaluation to the next. */
  readonly evaluationInterval: number;
  /** Reports before the first evaluation. */
  readonly delayEvaluation: number;
} & (
  | { readonly kind: "Bandit"; readonly slackFactor?: number; readonly slackAmount?: number }
  | { readonly kind: "MedianStopping" }
  /** Per cent. */
  | { readonly kind: "TruncationSelection"; readonly truncationPercentage: number }
);

export type Goal = "Maximize" | "Minimize";

/** A trial as a policy sees it. */
export interface Reported {
  readonly number: number;
  /** It may still be ended. */
  readonly running: boolean;
  /** The primary metric, in the order in which it was logged. */
  readonly metrics: readonly number[];
}

/** How many reports a trial is judged by: the last multiple of the interval after the delay; undefined before that. */
export function lastDue(
  { evaluationInterval, delayEvaluation }: EarlyTermination,
  reports: number,
): number | undefined {
  const count = Math.floor(reports / evaluationInterval) * evaluationInterval;
  return count > 0 && count >= delayEvaluation ? count : undefined;
}

/**
 * Numbers of the trials that the policy ends, of those that run. A trial is judged anew as long as it runs, for others that began later may come to do better after as many
 * reports.
 */
export function terminated(
  policy: EarlyTermination,
  goal: Goal,
  trials: readonly Reported[],
): readonly number[] {
  // Better is more from here on.
  const sign = goal === "Maximize" ? 1 : -1;
  const seen = trials.map((trial) => ({ ...trial, metrics: trial.metrics.map((value) => sign * value) }));
  return seen
    .filter((trial) => {
      const count = lastDue(policy, trial.metrics.length);
      return trial.running && count !== undefined && isPoor(policy, trial, seen, count);
    })
    .map(({ number }) => number);
}

/** Whether a trial does badly after so many reports, among all trials that have as many. */
function isPoor(
  policy: EarlyTermination,
  trial: Reported,
  trials: readonly Reported[],
  count: number,
): boolean {
  const peers = trials.filter(({ metrics }) => metrics.length >= count);
  const own = bestOf(trial, count);
  switch (policy.kind) {
    case "Bandit":
      return own < allowedBy(policy, Math.max(...peers.map((peer) => bestOf(peer, count))));
    case "MedianStopping":
      return own < median(peers.map((peer) => mean(peer.metrics.slice(0, count))));
    case "TruncationSelection": {
      const cut = Math.floor((peers.length * policy.truncationPercentage) / 100);
      // Of those that do equally well all stay.
      const better = peers.filter((peer) => latest(peer, count) > latest(trial, count)).length;
      return better >= peers.length - cut;
    }
  }
}

/** The worst that may stay beside the best. */
function allowedBy(
  { slackFactor, slackAmount = 0 }: { readonly slackFactor?: number; readonly slackAmount?: number },
  best: number,
): number {
  if (slackFactor === undefined) return best - slackAmount;
  // A ratio of what is below zero goes the other way: 0.8 / 1.2 and -0.8 * 1.2 are both further from the best.
  return best >= 0 ? best / (1 + slackFactor) : best * (1 + slackFactor);
}

const bestOf = ({ metrics }: Reported, count: number): number => Math.max(...metrics.slice(0, count));
const latest = ({ metrics }: Reported, count: number): number => metrics[count - 1] ?? -Infinity;
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}
