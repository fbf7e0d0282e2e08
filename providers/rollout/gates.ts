import type { Figures, LatencyFigure } from "./metrics";
import type { Measurement } from "./types";

/** What a generation's figures have to keep to; absolute, or against the generation that serves. */
export interface Gate {
  /** `errorPercent`: answers other than 2xx. The latencies are milliseconds. */
  readonly metric: "errorPercent" | LatencyFigure;
  /** At most this. */
  readonly max?: number;
  /** At most this many times the serving generation's figure of the last hour. */
  readonly maxRatio?: number;
}

export type Judged = Pick<Measurement, "verdict" | "reason" | "missing">;

/** How bad a verdict is: the worst of several holds. */
const WORSE: readonly Measurement["verdict"][] = ["failed", "error", "inconclusive", "passed"];

/** What several judges say together. */
export function worst(results: readonly Judged[]): Judged {
  for (const verdict of WORSE.slice(0, -1)) {
    const found = results.find((one) => one.verdict === verdict);
    if (found !== undefined) return found;
  }
  return { verdict: "passed", reason: results.map(({ reason }) => reason).join(", ") };
}

/** What the figures say: one broken gate fails, and without enough requests nothing passes. */
export function judge(
  gates: readonly Gate[],
  minRequests: number,
  candidate: Figures,
  baseline: Figures | undefined,
): Judged {
  if (candidate.requests < minRequests)
    return {
      verdict: "inconclusive",
      reason: `${candidate.requests} of ${minRequests} requests`,
      missing: minRequests - candidate.requests,
    };
  return worst(gates.map((gate) => judgeOne(gate, minRequests, candidate, baseline)));
}

function judgeOne(
  { metric, max = Infinity, maxRatio }: Gate,
  minRequests: number,
  candidate: Figures,
  baseline: Figures | undefined,
): Judged {
  const figure = candidate[metric];
  if (figure === undefined) return { verdict: "inconclusive", reason: `${metric} has no figure` };
  const before = baseline !== undefined && baseline.requests >= minRequests ? baseline[metric] : undefined;
  if (maxRatio !== undefined && before === undefined && figure <= max)
    return { verdict: "inconclusive", reason: `${metric}: nothing to compare with` };
  const limit = Math.min(max, maxRatio === undefined || before === undefined ? Infinity : maxRatio * before);
  return {
    verdict: figure <= limit ? "passed" : "failed",
    reason: `${metric} ${round(figure)}, limit ${round(limit)}`,
  };
}

function round(figure: number): string {
  return String(Math.round(figure * 100) / 100);
}
