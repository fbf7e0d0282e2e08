import { badArgument } from "../arm/errors";
import type { Json, JsonObject } from "../json";

/** What a hyperparameter may be. */
export type Value = string | number | boolean;

/** What a hyperparameter's values are drawn from. */
export type Distribution =
  | { readonly kind: "choice"; readonly values: readonly Value[] }
  /** Whole numbers from 0 on, below `upper`. */
  | { readonly kind: "randint"; readonly upper: number }
  | (Shape & { readonly kind: "uniform"; readonly min: number; readonly max: number })
  | (Shape & { readonly kind: "normal"; readonly mu: number; readonly sigma: number });

/** What is made of a number that was drawn. */
interface Shape {
  /** It is the logarithm of the value. */
  readonly log: boolean;
  /** The value is rounded to a multiple of it. */
  readonly q: number | undefined;
}

export type SearchSpace = Readonly<Record<string, Distribution>>;

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const TYPES = "choice, randint, [q][log]uniform, [q][log]normal";

/** The search space of a job's PUT: by name, a type and a list of what it takes. @throws ArmError (400) */
export function searchSpaceOf(body: JsonObject): SearchSpace {
  const entries = Object.entries(body);
  if (entries.length === 0)
    throw badArgument("The search space has no hyperparameter.", "properties.searchSpace");
  return Object.fromEntries(entries.map(([name, expression]) => [name, distributionOf(name, expression)]));
}

function distributionOf(name: string, expression: Json | undefined): Distribution {
  const refused = (what: string): Error =>
    badArgument(`The hyperparameter '${name}' ${what}.`, `properties.searchSpace.${name}`);
  if (!NAME.test(name)) throw refused("has a name of other characters than letters, digits and underscores");
  const [type, taken] = Array.isArray(expression) ? expression : [];
  if (typeof type !== "string" || !Array.isArray(taken))
    throw refused("is no list of a type and what it takes");
  if (type === "choice") {
    const [values] = taken;
    if (!Array.isArray(values) || values.length === 0) throw refused("has no values to choose from");
    if (!values.every(isValue))
      throw refused("has a choice among objects or lists, which the local Azure does not sweep over");
    return { kind: "choice", values };
  }
  const numbers = taken.map(Number);
  if (!numbers.every(Number.isFinite)) throw refused("takes numbers alone");
  const [first = NaN, second = NaN, third = NaN] = numbers;
  if (type === "randint") {
    if (!Number.isInteger(first) || first < 1) throw refused("has an upper bound below 1");
    return { kind: "randint", upper: first };
  }
  const [, quantized, log, form] = /^(q?)(log)?(uniform|normal)$/.exec(type) ?? [];
  if (form === undefined) throw refused(`is of type ${type}, which is none of ${TYPES}`);
  const q = quantized === "" ? undefined : third;
  if (numbers.length !== (q === undefined ? 2 : 3)) throw refused(`takes ${q === undefined ? 2 : 3} numbers`);
  if (q !== undefined && q <= 0) throw refused("has a q that is not above 0");
  const shape = { log: log !== undefined, q };
  if (form === "normal") {
    if (second <= 0) throw refused("has a sigma that is not above 0");
    return { kind: "normal", mu: first, sigma: second, ...shape };
  }
  if (first >= second) throw refused("has a minimum that is not below its maximum");
  return { kind: "uniform", min: first, max: second, ...shape };
}

const isValue = (value: Json): value is Value =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean";
