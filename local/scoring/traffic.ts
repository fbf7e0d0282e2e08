/** Deployment name → its share of the endpoint's requests, in percent; the whole map sums to 0 or 100. */
export type TrafficMap = Readonly<Record<string, number>>;

/**
 * The deployment that takes the next request; undefined when none has a share. A deployment at 0 is never picked.
 * @param random uniform in [0, 1)
 */
export function pickDeployment(traffic: TrafficMap, random: number): string | undefined {
  const shares = Object.entries(traffic).filter(([, percent]) => percent > 0);
  const total = shares.reduce((sum, [, percent]) => sum + percent, 0);
  let left = random * total;
  for (const [name, percent] of shares) {
    left -= percent;
    if (left < 0) return name;
  }
  return shares.at(-1)?.[0];
}

/** The deployments that get a copy of this request. Azure takes one, at 50 % at most. */
export function mirrorTargets(mirror: TrafficMap, random: number): string[] {
  return Object.entries(mirror)
    .filter(([, percent]) => random * 100 < percent)
    .map(([name]) => name);
}
