import type { Figures } from "../../providers/rollout/metrics";

/** `12.3 ms`, `0.05 %`: as many digits as say something. */
export function rounded(figure: number): string {
  return String(Number(figure.toPrecision(3)));
}

/** A deployment's figures in a line. */
export function figuresLine({ requests, errorPercent, latencyP95 }: Figures): string {
  return [
    `${rounded(requests)} requests`,
    ...(errorPercent === undefined ? [] : [`${rounded(errorPercent)} % errors`]),
    ...(latencyP95 === undefined ? [] : [`p95 ${rounded(latencyP95)} ms`]),
  ].join(", ");
}
