import type { Difference } from "./differences";
import type { FindingKind } from "./finding";
import { isNothing } from "./same";
import { pathText, valueText, wordOf } from "./shown";

/** A kind of property, and how a difference of it is said. */
interface Phrase {
  readonly kind: FindingKind;
  /** The property's address, dots between its parts. */
  readonly path: RegExp;
  readonly say: (difference: Difference) => string;
}

/** What a value opens, by the name of the property that has it: the rest of its values close. */
const OPEN: Readonly<Record<string, readonly unknown[]>> = {
  publicNetworkAccess: ["Enabled", "enabled"],
  publicNetworkAccessForIngestion: ["Enabled"],
  publicNetworkAccessForQuery: ["Enabled"],
  egressPublicNetworkAccess: ["Enabled"],
  remoteLoginPortPublicAccess: ["Enabled"],
  sshPublicAccess: ["Enabled"],
  enableNodePublicIp: [true],
  defaultAction: ["Allow"],
  isolationMode: ["Disabled"],
  allowSharedKeyAccess: [true],
  allowBlobPublicAccess: [true],
  supportsHttpsTrafficOnly: [false],
  enableHttpsTrafficOnly: [false],
  adminUserEnabled: [true],
};

const NETWORK = new RegExp(
  `(^|\\.)(${Object.keys(OPEN).join("|")}|ipRules|ipAllowlist|virtualNetworkRules|networkAcls|networkRuleSet|outboundRules|managedNetwork)(\\.|$)`,
);

const phrases: readonly Phrase[] = [
  {
    kind: "traffic",
    path: /^traffic(\.|$)/,
    say: ({ path: [, deployment], declared, live }) =>
      deployment === undefined
        ? "the traffic was moved by hand"
        : `${deployment} has ${percent(live)} by hand, declared ${percent(declared)}`,
  },
  { kind: "tag", path: /^tags(\.|$)/, say: tagText },
  {
    kind: "alias",
    path: /^aliases(\.|$)/,
    say: ({ declared, live }) => {
      const left = listOf(live);
      const lost = listOf(declared).filter((alias) => !left.includes(alias));
      return lost.length === 0
        ? `its aliases are ${valueText(live, [])}, declared ${valueText(declared, [])}`
        : `alias ${lost.map((alias) => `\`${String(alias)}\``).join(", ")} was moved away or deleted`;
    },
  },
  {
    kind: "auth",
    path: /(^|\.)(authMode|authType|disableLocalAuth|localAuthEnabled)$/,
    say: ({ path, declared, live }) =>
      path.at(-1) === "authMode"
        ? `callers sign in by ${wordOf(live, path)}, declared ${wordOf(declared, path)}`
        : otherwise({ path, declared, live }),
  },
  { kind: "network", path: NETWORK, say: networkText },
  {
    kind: "autoscale",
    path: /^autoscale(\.|$)/,
    say: (difference) => (isNothing(difference.live) ? "its autoscale was deleted" : otherwise(difference)),
  },
  {
    kind: "scale",
    path: /(^|\.)(sku\.(capacity|name|tier)|scaleSettings\.\w+|vmSize|instanceType|instances|capacity)$/,
    say: otherwise,
  },
];

/** How a difference is said, without whose it is. */
export function phraseOf(difference: Difference): { readonly kind: FindingKind; readonly text: string } {
  const address = difference.path.join(".");
  const phrase = phrases.find(({ path }) => path.test(address));
  return { kind: phrase?.kind ?? "changed", text: (phrase?.say ?? otherwise)(difference) };
}

/** Whether a property that came to be may let somebody in: it counts whoever wrote it. */
export function opensTheNetwork(path: readonly string[]): boolean {
  return NETWORK.test(path.join("."));
}

function otherwise({ path, declared, live }: Difference): string {
  const before = isNothing(declared) ? "not declared" : `declared ${wordOf(declared, path)}`;
  return `${pathText(path)} is ${wordOf(live, path)}, ${before}`;
}

function networkText(difference: Difference): string {
  const { path, declared, live } = difference;
  const opens = OPEN[path.at(-1) ?? ""];
  const widened = Array.isArray(live) && live.length > listOf(declared).length;
  const word = opens?.includes(live) === true || widened ? "it was opened" : "its access was changed";
  return `${word}: ${otherwise(difference)}`;
}

function tagText({ path, declared, live }: Difference): string {
  const name = path.slice(1).join(".");
  if (name === "") return `its tags are ${valueText(live, path)}, declared ${valueText(declared, path)}`;
  if (isNothing(declared)) return `tag \`${name}\` is ${valueText(live, path)}, not declared`;
  if (isNothing(live)) return `tag \`${name}\` was taken away, declared ${valueText(declared, path)}`;
  return `tag \`${name}\` is ${valueText(live, path)}, declared ${valueText(declared, path)}`;
}

function percent(value: unknown): string {
  return `${typeof value === "number" ? value : 0} %`;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
