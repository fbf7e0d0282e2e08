import type { Constraint } from "../../components/args";
import type { Rule, Rules } from "../../providers/rules";

/** Wrong args beside right ones, with which test/unit/rules.test.ts shows that a component refuses what Azure would. */
export interface RuleCases<Args extends object> {
  /** The component's class. */
  readonly component: string;
  readonly declare: (name: string, args: Args) => unknown;
  readonly rules: Rules<Args>;
  readonly constraints?: readonly Constraint<Args>[];
  readonly cases: readonly RuleCase<Args>[];
}

export interface RuleCase<Args extends object> {
  /** Id of a constraint, or path of a property whose shape has a source: `vmSize`, `outboundRules.*.name`. */
  readonly rule: string;
  readonly right: Args;
  /** What makes the right args wrong: put over them, key by key. */
  readonly wrong: Readonly<Partial<Record<keyof Args, unknown>>>;
  /** The path that is told: `outboundRules.0.name`. */
  readonly path: string;
}

/** A shape that Azure prescribes. */
export interface SourcedShape {
  readonly path: string;
  readonly allowed: string;
  readonly source: string;
}

/** The properties with a sourced shape, nested ones too; a star stands for an item of a list and a key of a record. */
export function sourcedShapes(rules: Readonly<Record<string, Rule>>, path = ""): SourcedShape[] {
  return Object.entries(rules).flatMap(([key, rule]) => shapesOf(path === "" ? key : `${path}.${key}`, rule));
}

function shapesOf(path: string, { about }: Rule): SourcedShape[] {
  if (about === undefined) return [];
  const { allowed, source, properties, kinds, items } = about;
  const own = source === undefined ? [] : [{ path, allowed, source }];
  const inner = [
    ...(properties === undefined ? [] : sourcedShapes(properties, path)),
    ...Object.values(kinds ?? {}).flatMap((kind) => shapesOf(path, kind)),
    ...(items === undefined ? [] : shapesOf(`${path}.*`, items)),
  ];
  return [...own, ...inner];
}
