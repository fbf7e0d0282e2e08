import { normalQuantile } from "./normal-quantile";
import type { Distribution, SearchSpace, Value } from "./search-space";

/** Values of a trial, by name. */
export type Values = Readonly<Record<string, Value>>;

/** A place in the unit cube: a number in [0, 1) for each hyperparameter, in the search space's order. */
export type Point = readonly number[];

/** The values at a point. */
export function valuesAt(space: SearchSpace, point: Point): Values {
  return Object.fromEntries(
    Object.entries(space).map(([name, distribution], index) => [
      name,
      valueAt(distribution, point[index] ?? 0),
    ]),
  );
}

/** The value below which that share of the distribution is. @param share in [0, 1) */
export function valueAt(distribution: Distribution, share: number): Value {
  switch (distribution.kind) {
    case "choice":
      return distribution.values[Math.floor(share * distribution.values.length)] as Value;
    case "randint":
      return Math.floor(share * distribution.upper);
    case "uniform": {
      const { min, max } = distribution;
      return shaped(distribution, min + share * (max - min));
    }
    case "normal": {
      const { mu, sigma } = distribution;
      return shaped(distribution, mu + sigma * normalQuantile(share));
    }
  }
}

function shaped(
  { log, q }: { readonly log: boolean; readonly q: number | undefined },
  drawn: number,
): number {
  const value = log ? Math.exp(drawn) : drawn;
  return q === undefined ? value : Math.round(value / q) * q;
}

/** How many combinations of choices there are. */
export function gridSize(space: SearchSpace): number {
  return sizesOf(space).reduce((size, each) => size * each, 1);
}

/** The point of a combination of choices; the last hyperparameter changes first. @param index below {@link gridSize} */
export function gridPoint(space: SearchSpace, index: number): Point {
  let rest = index;
  const fromLast = sizesOf(space)
    .reverse()
    .map((size) => {
      const chosen = rest % size;
      rest = Math.floor(rest / size);
      // The middle of its share: no rounding makes it its neighbour.
      return (chosen + 0.5) / size;
    });
  return fromLast.reverse();
}

/** Choices of each hyperparameter. */
function sizesOf(space: SearchSpace): number[] {
  return Object.values(space).map((each) => (each.kind === "choice" ? each.values.length : 1));
}

/** A point as what learns from points sees it: a choice has a direction of its own for each of its values. */
export function encoded(space: SearchSpace, point: Point): number[] {
  return Object.values(space).flatMap((distribution, index) => {
    const share = point[index] ?? 0;
    if (distribution.kind !== "choice") return [share];
    const chosen = Math.floor(share * distribution.values.length);
    return distribution.values.map((_, value) => (value === chosen ? 1 : 0));
  });
}
