/** A number in [0, 1) that follows from the seeds alone (MurmurHash3's mixing, a step a seed). */
export function uniform(...seeds: readonly number[]): number {
  const mixed = seeds.reduce((hash, seed) => finish(Math.imul(hash ^ seed, 0xcc9e2d51)), 0x9747b28c);
  return (mixed >>> 0) / 2 ** 32;
}

function finish(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
