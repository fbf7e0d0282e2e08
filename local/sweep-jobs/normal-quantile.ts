const CENTRE = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
  2.506628277459239,
] as const;
const CENTRE_BELOW = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1,
  1,
] as const;
const TAIL = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
] as const;
const TAIL_BELOW = [
  7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1,
] as const;
const TAIL_SHARE = 0.02425;
/** Closer to 0 or 1 than a sample ever comes. */
const LEAST = 1e-12;

/**
 * The number below which that share of the standard normal distribution is, within 1.15e-9 of its own size (P. J. Acklam's rational approximation).
 *
 * @param share in [0, 1]; at its ends as if just inside, so that the result is finite
 */
export function normalQuantile(share: number): number {
  const inside = Math.min(Math.max(share, LEAST), 1 - LEAST);
  if (inside > 1 - TAIL_SHARE) return -normalQuantile(1 - inside);
  if (inside < TAIL_SHARE) {
    const q = Math.sqrt(-2 * Math.log(inside));
    return polynomial(TAIL, q) / polynomial(TAIL_BELOW, q);
  }
  const q = inside - 0.5;
  return (q * polynomial(CENTRE, q * q)) / polynomial(CENTRE_BELOW, q * q);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}
