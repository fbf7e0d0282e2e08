import type { RunFigures } from "../lineage/figures";
import { worst, type Judged } from "./gates";

/** What a metric of the model's run has to keep to; absolute, or against the run of the version that serves. */
export interface RunMetric {
  /** As the run logged it; its last value counts. */
  readonly metric: string;
  readonly min?: number;
  readonly max?: number;
  /** At most this much below the serving version's: for what is the better the higher it is. */
  readonly maxDrop?: number;
  /** At most this much above the serving version's: for what is the better the lower it is. */
  readonly maxRise?: number;
}

/** Whether it is compared with what serves. */
export function isRelative({ maxDrop, maxRise }: RunMetric): boolean {
  return maxDrop !== undefined || maxRise !== undefined;
}

/** What is computed differs from what is written in its last digits. */
const ROUNDING = 1e-9;

/**
 * What the metrics say: one broken limit fails, and what is not there never passes.
 *
 * @param serving undefined where nothing serves yet: then only the absolute limits hold
 */
export function judgeRunMetrics(
  limits: readonly RunMetric[],
  candidate: RunFigures,
  serving: RunFigures | undefined,
): Judged {
  if ("problem" in candidate) return without(candidate, "its model");
  return worst(limits.map((limit) => judgeOne(limit, candidate, serving)));
}

function judgeOne(
  limit: RunMetric,
  { run, metrics }: Extract<RunFigures, { run: string }>,
  serving: RunFigures | undefined,
): Judged {
  const { metric, min = -Infinity, max = Infinity, maxDrop, maxRise } = limit;
  const figure = metrics[metric];
  if (figure === undefined)
    return {
      verdict: "inconclusive",
      reason: `run ${run} of its model has no metric ${metric}: log it there`,
    };
  const before = serving !== undefined && "run" in serving ? serving.metrics[metric] : undefined;
  const least = Math.max(min, before === undefined ? -Infinity : before - (maxDrop ?? Infinity));
  const most = Math.min(max, before === undefined ? Infinity : before + (maxRise ?? Infinity));
  const slack = ROUNDING * Math.max(1, Math.abs(figure));
  const limits = [
    ...(least === -Infinity ? [] : [`at least ${short(least)}`]),
    ...(most === Infinity ? [] : [`at most ${short(most)}`]),
  ];
  const reason = `${metric} of its run ${short(figure)}, ${limits.join(" and ")}`;
  if (!(figure >= least - slack && figure <= most + slack)) return { verdict: "failed", reason };
  if (!isRelative(limit) || serving === undefined) return { verdict: "passed", reason };
  if ("problem" in serving) return without(serving, "the model that serves");
  return before === undefined
    ? {
        verdict: "inconclusive",
        reason: `run ${serving.run} of the model that serves has no metric ${metric}: log it there`,
      }
    : { verdict: "passed", reason };
}

function without(
  { problem, unread = false }: Extract<RunFigures, { problem: string }>,
  whose: string,
): Judged {
  return { verdict: unread ? "error" : "inconclusive", reason: `the run of ${whose}: ${problem}` };
}

export function short(figure: number): string {
  return String(Number(figure.toPrecision(6)));
}
