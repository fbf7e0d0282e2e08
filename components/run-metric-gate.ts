import { listOf, objectOf, optional, rule, text, type Problem } from "../providers/rules";

/** A metric of the run that the model was logged in, and what it has to be, by one limit or several. */
export interface RunMetricGate {
  /** As the run logged it, for instance `accuracy`; its last value counts. */
  readonly metric: string;
  /** At least this. */
  readonly min?: number;
  /** At most this. */
  readonly max?: number;
  /** At most this much below that of the version that serves, 0 or more: for what is the better the higher it is. */
  readonly maxDrop?: number;
  /** At most this much above that of the version that serves, 0 or more: for what is the better the lower it is. */
  readonly maxRise?: number;
}

const number = rule(Number.isFinite, "a number");
const notNegative = rule((value) => typeof value === "number" && value >= 0, "a number, 0 or more");

export const runMetricsRule = listOf(
  objectOf<RunMetricGate>({
    metric: text("the name of a metric"),
    min: optional(number),
    max: optional(number),
    maxDrop: optional(notNegative),
    maxRise: optional(notNegative),
  }),
  { least: 1 },
);

/** Those of a list of gates that have no limit. */
export function runMetricsWithoutLimit(path: string, gates: unknown): Problem[] {
  return withoutLimit(path, gates as readonly RunMetricGate[], ["min", "max", "maxDrop", "maxRise"]);
}

/** Those of a list that have none of these keys. */
export function withoutLimit<Gate extends object>(
  path: string,
  gates: readonly Gate[] | undefined,
  keys: readonly (keyof Gate & string)[],
): Problem[] {
  return (Array.isArray(gates) ? gates : []).flatMap((gate: Gate, index) =>
    keys.every((key) => gate[key] === undefined)
      ? [{ path: `${path}.${index}`, value: undefined, reason: `it must have ${keys.join(" or ")}` }]
      : [],
  );
}
