import * as v from "valibot";
import { meantName } from "./meant-name";

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

/** What a property may be. */
export type Rule = v.GenericSchema<unknown> & { readonly about?: About };

/** A rule in words, for whoever reads instead of calling. */
export interface About {
  /** Completes `it must be …`. */
  readonly allowed: string;
  /** Where Azure says so: a document, or a class of Microsoft's models. Only rules that are Azure's and not just a type have one. */
  readonly source?: string;
  readonly optional?: boolean;
  /** The rules of an object's properties. */
  readonly properties?: Readonly<Record<string, Rule>>;
  /** The rules of an object of each kind, by the value that names it. */
  readonly kinds?: Readonly<Record<string, Rule>>;
  /** The rule of a list's items or of a record's values. */
  readonly items?: Rule;
}

/** One rule for each property that there is. */
export type Rules<T> = { readonly [K in keyof Required<T>]: Rule };

export function text(allowed: string, pattern = /./, source?: string): Rule {
  return later(v.pipe(v.string(must(allowed)), v.regex(pattern, must(allowed))), about(allowed, source));
}

export function oneOf(...values: readonly string[]): Rule {
  const allowed = values.join(" or ");
  return later(v.picklist(values, must(allowed)), { allowed });
}

export function integer(least: number, most: number, source?: string): Rule {
  const allowed = `a whole number from ${least} to ${most}`;
  const reason = must(allowed);
  return later(
    v.pipe(v.number(reason), v.integer(reason), v.minValue(least, reason), v.maxValue(most, reason)),
    about(allowed, source),
  );
}

/** Any number that is one: no infinity. */
export function number({ above, source }: { above?: number; source?: string } = {}): Rule {
  const allowed = above === undefined ? "a number" : `a number above ${above}`;
  const test = (value: unknown): boolean =>
    typeof value === "number" && Number.isFinite(value) && (above === undefined || value > above);
  return rule(test, allowed, source);
}

/** Whatever passes the test. */
export function rule(test: (value: unknown) => boolean, allowed: string, source?: string): Rule {
  return later(v.custom<unknown>(test, must(allowed)), about(allowed, source));
}

export function flag(): Rule {
  const allowed = "true or false";
  return later(v.boolean(must(allowed)), { allowed });
}

/** An object with keys of the caller's choosing. */
export function recordOf(rule: Rule): Rule {
  const allowed = "an object";
  return later(v.record(v.string(), rule, must(allowed)), { allowed, items: rule });
}

/** A list of any length, unless told otherwise. */
export function listOf(
  rule: Rule,
  { least = 0, most = Infinity, source }: { least?: number; most?: number; source?: string } = {},
): Rule {
  const many = most === Infinity ? `${least} or more` : `${least} to ${most}`;
  const allowed = least === 0 && most === Infinity ? "a list" : `a list of ${many}`;
  const reason = must(allowed);
  return later(v.pipe(v.array(rule, reason), v.minLength(least, reason), v.maxLength(most, reason)), {
    ...about(allowed, source),
    items: rule,
  });
}

/** An object with these keys. */
export function objectOf<T>(rules: Rules<T>): Rule {
  const allowed = "an object";
  return later(
    v.pipe(
      v.record(v.string(), v.unknown(), must(allowed)),
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
    { allowed, properties: rules },
  );
}

/**
 * An object of one of several kinds, told apart by a property that names the kind.
 *
 * @param kinds rules of each kind's other properties
 */
export function kindOf(
  property: string,
  kinds: Readonly<Record<string, Readonly<Record<string, Rule>>>>,
): Rule {
  const names = oneOf(...Object.keys(kinds));
  const byName = Object.fromEntries(
    Object.entries(kinds).map(([name, rules]) => [name, objectOf({ [property]: oneOf(name), ...rules })]),
  );
  const allowed = "an object";
  const schema = v.lazy((value) => {
    const named: unknown =
      typeof value === "object" && value !== null ? Reflect.get(value, property) : undefined;
    return byName[String(named)] ?? v.looseObject({ [property]: names }, must(allowed));
  });
  return later(schema as v.GenericSchema<unknown>, { allowed, kinds: byName });
}

/** A rule that holds within itself. */
export function within(rule: () => Rule): Rule {
  return v.lazy(rule) as v.GenericSchema<unknown>;
}

/** A text, a number or a flag as it is. */
export function literalOf(allowed = "text, a number, true or false"): Rule {
  return later(v.union([v.string(), v.number(), v.boolean()], must(allowed)), { allowed });
}

/** A text, a number or a flag as it is, or else an object by its own rule. */
export function literalOr(object: Rule): Rule {
  const allowed = "text, a number, true or false, or an object";
  const literal = literalOf(allowed);
  const schema = v.lazy((value) => (typeof value === "object" && value !== null ? object : literal));
  return later(schema as v.GenericSchema<unknown>, { ...object.about, allowed });
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
  const schema = v.optional(rule as v.GenericSchema);
  return rule.about === undefined
    ? schema
    : Object.assign(schema, { about: { ...rule.about, optional: true } });
}

/** Every problem of the values, unknown and missing keys among them, in the order of the rules. */
export function findProblems<T>(rules: Rules<T>, values: object): Problem[] {
  const given = values as Readonly<Record<string, unknown>>;
  const known = Object.keys(rules);
  const unknown = Object.keys(given).filter((key) => !(key in rules) && given[key] !== undefined);
  return [
    ...Object.entries<Rule>(rules).flatMap(([key, rule]) => brokenBy(rule, key, given[key])),
    ...unknown.map((key) => ({
      path: key,
      value: given[key],
      reason: `there is no such key here${meant(key, known)}; there are ${known.join(", ")}`,
    })),
  ];
}

function meant(key: string, known: readonly string[]): string {
  const name = meantName(key, known);
  return name === undefined ? "" : `, ${name} is probably meant`;
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
function later(rule: v.GenericSchema<unknown>, about: About): Rule {
  const schema = v.lazy((value) => (isLater(value) ? v.any() : rule));
  return Object.assign(schema as v.GenericSchema<unknown>, { about });
}

function about(allowed: string, source: string | undefined): About {
  return source === undefined ? { allowed } : { allowed, source };
}

/** Stands for a value that is given but not known yet: an output's in a preview. */
export const LATER: unique symbol = Symbol("known later");
export type Later = typeof LATER;

function isLater(value: unknown): boolean {
  if (value === UNKNOWN || value === LATER) return true;
  if (typeof value !== "object" || value === null) return false;
  return "__pulumiOutput" in value || typeof Reflect.get(value, "then") === "function";
}
