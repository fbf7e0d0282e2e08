import * as v from "valibot";

/** What Pulumi passes to a dynamic provider in place of a value that a preview does not know yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A value that breaks a rule. */
export interface Problem {
  /** Path of the property, as a program writes it: `tags.owner`. */
  readonly path: string;
  readonly value: unknown;
  /** `it must be …`, or why it can't be what it is. */
  readonly reason: string;
}

export type Rule = v.GenericSchema<unknown>;
/** One rule for each property that there is. */
export type Rules<T> = { readonly [K in keyof Required<T>]: Rule };

export function text(allowed: string, pattern = /./): Rule {
  return later(v.pipe(v.string(must(allowed)), v.regex(pattern, must(allowed))));
}

export function oneOf(...values: readonly string[]): Rule {
  return later(v.picklist(values, must(values.join(" or "))));
}

export function integer(least: number, most: number): Rule {
  const reason = must(`a whole number from ${least} to ${most}`);
  return later(
    v.pipe(v.number(reason), v.integer(reason), v.minValue(least, reason), v.maxValue(most, reason)),
  );
}

/** Whatever passes the test. */
export function rule(test: (value: unknown) => boolean, allowed: string): Rule {
  return later(v.custom<unknown>(test, must(allowed)));
}

export function flag(): Rule {
  return later(v.boolean(must("true or false")));
}

/** An object with keys of the caller's choosing. */
export function recordOf(rule: Rule): Rule {
  return later(v.record(v.string(), rule, must("an object")));
}

/** An object with these keys. */
export function objectOf<T>(rules: Rules<T>): Rule {
  return later(
    v.pipe(
      v.record(v.string(), v.unknown(), must("an object")),
      v.rawCheck(({ dataset, addIssue }) => {
        if (!dataset.typed) return;
        for (const problem of findProblems(rules, dataset.value))
          addIssue({
            message: problem.reason,
            input: problem.value,
            path: problem.path.split(".").map((key) => ({
              type: "object",
              origin: "value",
              input: dataset.value,
              key,
              value: problem.value,
            })) as [v.ObjectPathItem, ...v.ObjectPathItem[]],
          });
      }),
    ),
  );
}

export const tags = recordOf(text("text", /^/));

/** ARM id of a resource of that type, `Microsoft.Storage/storageAccounts`. */
export function armId(type: string): Rule {
  const [namespace, ...kinds] = type.split("/");
  const below = [namespace, ...kinds.map((kind) => `${kind}/[^/]+`)].join("/");
  return text(
    `the ARM id of a resource of type ${type}`,
    new RegExp(`^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/${below}$`, "i"),
  );
}

export function optional(rule: Rule): Rule {
  return v.optional(rule as v.GenericSchema);
}

/** Every problem of the values, unknown and missing keys among them, in the order of the rules. */
export function findProblems<T>(rules: Rules<T>, values: object): Problem[] {
  const given = values as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(given).filter((key) => !(key in rules) && given[key] !== undefined);
  return [
    ...Object.entries<Rule>(rules).flatMap(([key, rule]) => brokenBy(rule, key, given[key])),
    ...unknown.map((key) => ({
      path: key,
      value: given[key],
      reason: `there is no such key here; there are ${Object.keys(rules).join(", ")}`,
    })),
  ];
}

function brokenBy(rule: Rule, key: string, value: unknown): Problem[] {
  const problems = (v.safeParse(rule, value).issues ?? []).map((issue) => ({
    path: [key, ...(issue.path ?? []).map((item) => String(item.key))].join("."),
    value: issue.input,
    reason: issue.message,
  }));
  // A value that breaks two rules of one property is told once.
  return problems.filter(({ path }, index) => problems.findIndex((other) => other.path === path) === index);
}

function must(allowed: string): string {
  return `it must be ${allowed}`;
}

/** Lets pass what has no value yet: an output, a promise, or what stands for them in a preview. */
function later(rule: v.GenericSchema<unknown>): Rule {
  return v.lazy((value) => (isLater(value) ? v.any() : rule)) as Rule;
}

function isLater(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  if (typeof value !== "object" || value === null) return false;
  return "__pulumiOutput" in value || typeof (value as { then?: unknown }).then === "function";
}
