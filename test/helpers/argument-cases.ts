import type { JsonObject } from "../../local/json";
import type { Rule, Rules } from "../../providers/rules";
import type { Registered } from "./pulumi-mocks";

/** Args with which test/conformance/arguments.test.ts shows that every argument of a component reaches Azure. */
export interface ArgumentCases<Args extends object> {
  /** The component's class. */
  readonly component: string;
  readonly rules: Rules<Args>;
  readonly declare: (name: string, args: Args) => unknown;
  /** Right args. Each argument is in one of them at least, with two values over all where no other value follows from the first. */
  readonly cases: readonly Args[];
  /** What a dynamic resource sends, for those that test/helpers/azure-requests.ts does not know. */
  readonly requests?: (resource: Registered) => readonly AzureRequest[];
  /** Arguments that no request shows, by path, each with the reason. */
  readonly exempt?: Readonly<Record<string, string>>;
}

/** A PUT. */
export interface AzureRequest {
  /** ARM id. */
  readonly id: string;
  readonly apiVersion: string;
  readonly body: JsonObject;
  /** Query parameters, where they say something. */
  readonly query?: Readonly<Record<string, string>>;
}

/**
 * The paths of a component's arguments, nested ones too and without the objects that they are in: `location`, `outboundRules.*.destination`; a
 * star stands for an item of a list and a key of a record.
 */
export function argumentPaths(rules: Readonly<Record<string, Rule>>): string[] {
  return Object.entries(rules).flatMap(([key, rule]) => below(key, rule));
}

function below(path: string, { about = { allowed: "" } }: Rule): string[] {
  if (about.properties !== undefined)
    return argumentPaths(about.properties).map((inner) => `${path}.${inner}`);
  if (about.kinds !== undefined)
    return [...new Set(Object.values(about.kinds).flatMap((kind) => below(path, kind)))];
  if (about.items !== undefined) {
    const inner = below(`${path}.*`, about.items);
    // A list of plain values is an argument itself.
    return inner.every((each) => each === `${path}.*`) ? [path] : inner;
  }
  return [path];
}
