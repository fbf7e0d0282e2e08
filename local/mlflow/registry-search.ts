import { MlflowError } from "./errors";

/** One comparison of an MLflow filter: `name = 'x'`; a tag's key begins with `tags.`, and no key has quotes. */
export interface Comparison {
  readonly key: string;
  readonly operator: "=" | "!=" | "LIKE" | "ILIKE" | "IN";
  readonly values: readonly string[];
}

const COMPARISON =
  /\s*((?:tags?\.)?(?:`[^`]+`|"[^"]+"|[\w.]+))\s*(!=|=|ILIKE\b|LIKE\b|IN\b)\s*('[^']*'|"[^"]*"|\([^()]*\))\s*(AND\b|$)/iy;
// MLflow 2.21 and later add this to every search of registered models.
const PROMPT_KEY = "tags.mlflow.prompt.is_prompt";

/**
 * Reads the filter of a registry search.
 *
 * @throws MlflowError for what is not a filter
 */
export function parseFilter(filter: string): Comparison[] {
  const comparisons: Comparison[] = [];
  let at = 0;
  while (at < filter.length && filter.slice(at).trim() !== "") {
    COMPARISON.lastIndex = at;
    const match = COMPARISON.exec(filter);
    if (!match)
      throw new MlflowError("INVALID_PARAMETER_VALUE", `Invalid filter '${filter}'. Use: name = 'model'.`);
    const [whole, key = "", operator = "", value = ""] = match;
    at += whole.length;
    comparisons.push({
      key: key.replace(/^tag\./i, "tags.").replace(/[`"]/g, ""),
      operator: operator.toUpperCase() as Comparison["operator"],
      values: quotedValues(value),
    });
  }
  return comparisons;
}

/**
 * What Azure ML's registry can search by: `name =`. Anything else is refused, but for the clause by which MLflow's client leaves
 * out prompts, which Azure ML doesn't have.
 *
 * @param more comparisons that MLflow's own user interface needs besides
 */
export function checkFilter(
  comparisons: readonly Comparison[],
  more: (comparison: Comparison) => boolean = () => false,
): Comparison[] {
  const kept = comparisons.filter(({ key, operator }) => !(key === PROMPT_KEY && operator === "!="));
  for (const comparison of kept) {
    if ((comparison.key === "name" && comparison.operator === "=") || more(comparison)) continue;
    const shown = `${comparison.key} ${comparison.operator}`;
    throw new MlflowError(
      "INVALID_PARAMETER_VALUE",
      `Azure Machine Learning does not search its registry by '${shown}'. Use: name = 'model'.`,
    );
  }
  return kept;
}

export function matches(comparison: Comparison, value: string): boolean {
  const { operator, values } = comparison;
  if (operator === "=" || operator === "IN") return values.includes(value);
  if (operator === "!=") return !values.includes(value);
  const pattern = (values[0] ?? "")
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replace(/%/g, ".*")
    .replace(/_/g, ".");
  return new RegExp(`^${pattern}$`, operator === "ILIKE" ? "is" : "s").test(value);
}

/** Something with fields to order by: numbers and strings. */
export type Sortable = Readonly<Record<string, unknown>>;

/**
 * Sorts by MLflow's `order_by` (`["name ASC", "version_number DESC"]`).
 *
 * @throws MlflowError for a field that isn't there
 */
export function ordered<T extends Sortable>(
  items: readonly T[],
  orderBy: readonly string[],
  keys: Readonly<Record<string, (item: T) => string | number>>,
): T[] {
  const comparators = orderBy.map((clause) => {
    const match = /^\s*[`"]?(\w+)[`"]?(?:\s+(ASC|DESC))?\s*$/i.exec(clause);
    const key = keys[match?.[1] ?? ""];
    if (!match || !key) {
      throw new MlflowError(
        "INVALID_PARAMETER_VALUE",
        `Invalid order_by '${clause}'. Use one of: ${Object.keys(keys).join(", ")}.`,
      );
    }
    const sign = match[2]?.toUpperCase() === "DESC" ? -1 : 1;
    return (a: T, b: T): number => sign * compare(key(a), key(b));
  });
  return [...items].sort((a, b) => comparators.reduce((found, comparator) => found || comparator(a, b), 0));
}

/** One page, and the token of the next. */
export function page<T>(
  items: readonly T[],
  maxResults: number,
  token: string | undefined,
): { items: T[]; next?: string } {
  const from = token === undefined || token === "" ? 0 : Number(Buffer.from(token, "base64url").toString());
  if (!Number.isSafeInteger(from) || from < 0)
    throw new MlflowError("INVALID_PARAMETER_VALUE", "Invalid page_token.");
  const to = from + maxResults;
  return {
    items: items.slice(from, to),
    ...(to < items.length && { next: Buffer.from(String(to)).toString("base64url") }),
  };
}

function quotedValues(text: string): string[] {
  if (!text.startsWith("(")) return [text.slice(1, -1)];
  return [...text.matchAll(/'([^']*)'|"([^"]*)"/g)].map((match) => match[1] ?? match[2] ?? "");
}

const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);
