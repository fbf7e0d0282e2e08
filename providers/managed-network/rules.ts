import { isDeepStrictEqual } from "node:util";
import { ML_API_VERSION, type Arm } from "../clients/arm";
import type { ManagedNetworkInputs, ManagedNetworkOutputs, RuleProperties } from "./types";

interface LiveRule {
  readonly name: string;
  readonly properties: RuleProperties;
}

/** What has to be done to a workspace's outbound rules, in this order. */
export interface RuleChanges {
  /** Rules that came back after they were removed. */
  readonly remove: readonly string[];
  /** Declared rules that are gone, or differ. */
  readonly write: readonly string[];
}

/** The names of rules that once were declared and are not now. */
export function removedRules(
  olds: Pick<ManagedNetworkOutputs, "rules"> & { readonly removed?: readonly string[] },
  { rules }: Pick<ManagedNetworkInputs, "rules">,
): readonly string[] {
  const once = new Set([...(olds.removed ?? []), ...Object.keys(olds.rules)]);
  return [...once].filter((name) => !(name in rules)).sort();
}

/**
 * A workspace's PUT writes the outbound rules that it names, and azure-native's names those of the last refresh: rules that were removed since come
 * back, new ones are lost. Rules that nobody declared here are somebody else's, and stay.
 */
export function ruleChanges(
  live: readonly LiveRule[],
  declared: ManagedNetworkInputs["rules"],
  removed: readonly string[],
): RuleChanges {
  const found = new Map(live.map((rule) => [rule.name, rule.properties]));
  return {
    remove: removed.filter((name) => found.has(name)),
    write: Object.entries(declared)
      .filter(([name, wanted]) => !isAs(wanted, found.get(name)))
      .map(([name]) => name),
  };
}

/** Azure adds keys of its own, to the destination too. */
function isAs(wanted: unknown, actual: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null || Array.isArray(wanted))
    return isDeepStrictEqual(wanted, actual);
  return Object.entries(wanted).every(([key, value]) =>
    isAs(value, (actual as Readonly<Record<string, unknown>> | undefined)?.[key]),
  );
}

/**
 * Makes the live rules those that are declared, one change at a time, as Azure takes them.
 *
 * @param say told of each rule that had to be put right
 * @throws ArmError
 */
export async function keepRules(
  arm: Arm,
  { workspaceId, rules }: ManagedNetworkInputs,
  removed: readonly string[],
  say: (line: string) => void,
): Promise<void> {
  const request = { apiVersion: ML_API_VERSION };
  const live = await arm.list<LiveRule>(`${workspaceId}/outboundRules`, request);
  const { remove, write } = ruleChanges(live, rules, removed);
  for (const name of remove) {
    say(`outbound rule ${name} is taken away`);
    await arm.remove(`${workspaceId}/outboundRules/${name}`, request);
  }
  for (const name of write) {
    say(`outbound rule ${name} is put back`);
    await arm.put(`${workspaceId}/outboundRules/${name}`, { ...request, body: { properties: rules[name] } });
  }
}
